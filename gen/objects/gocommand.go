package objects

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// List runs go list with -json among its arguments, and returns what it says of
// each package.
func List[T any](ctx context.Context, cfg Config, args []string) ([]*T, error) {
	out, _, err := Run(ctx, cfg, args)
	if err != nil {
		return nil, err
	}
	var all []*T
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(T)
		if err := dec.Decode(p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// Run runs the go command and returns what it prints, on either way. That it
// failed is a [load.ProgramError], with what it said of that.
func Run(ctx context.Context, cfg Config, args []string) (stdout, stderr []byte, err error) {
	cmd := exec.CommandContext(ctx, cmp.Or(cfg.Go, "go"), args...)
	cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if cfg.Trace != nil {
		cfg.Trace(cmd.Args)
	}
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return nil, nil, &load.ProgramError{Text: strings.TrimSpace(said.String())}
	case err != nil:
		return nil, nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out.Bytes(), said.Bytes(), nil
}

// A Writable is a symbol of writable data that an object defines.
type Writable struct {
	Name   string
	Member string // of the archive: _go_.o is the compiler's, _x001.o and the like the C compiler's
	Memory string // data, bss, noptrdata, ...
	Size   int64
	Native bool // of an object that the C compiler made
}

var native = regexp.MustCompile(`^_x\d+\.o$|\.syso$`)

// Writables lists the symbols of writable data in an archive of the compiler's.
// It takes the go command's nm only for what C compilers made.
func Writables(ctx context.Context, cfg Config, archive string) ([]Writable, error) {
	members, err := objfile.Read(archive)
	if err != nil {
		return nil, err
	}
	var out []Writable
	foreign := false
	for _, m := range members {
		foreign = foreign || native.MatchString(m.Name)
		for _, s := range m.Symbols {
			if s.Kind.IsWritable() && s.Name != "" {
				out = append(out, Writable{Name: s.Name, Member: m.Name, Memory: s.Kind.String(), Size: int64(s.Size)})
			}
		}
	}
	if !foreign {
		return out, nil
	}
	syms, err := nm(ctx, cfg, archive)
	for _, s := range syms {
		if native.MatchString(s.Member) {
			s.Native = true
			out = append(out, s)
		}
	}
	return out, err
}

// Binary lists the symbols of writable data in an executable.
func Binary(ctx context.Context, cfg Config, file string) ([]Writable, error) {
	return nm(ctx, cfg, file)
}

// nm has the go command's nm list a file's symbols of writable data.
func nm(ctx context.Context, cfg Config, file string) ([]Writable, error) {
	out, _, err := Run(ctx, cfg, []string{"tool", "nm", "-sort", "none", "-size", file})
	if err != nil {
		return nil, err
	}
	var syms []Writable
	for line := range strings.Lines(string(out)) {
		line = strings.TrimRight(line, "\n")
		s := Writable{Member: "_go_.o"}
		// An archive of several members has each named before its symbols:
		// archive(member):<tab>.
		if rest, ok := strings.CutPrefix(line, file+"("); ok {
			if s.Member, line, ok = strings.Cut(rest, "):"); !ok {
				continue
			}
		}
		fields := strings.Fields(strings.TrimPrefix(strings.TrimLeft(line, " \t"), ":"))
		if len(fields) < 4 || !strings.Contains("DdBbC", fields[2]) {
			continue
		}
		s.Size, _ = strconv.ParseInt(fields[1], 10, 64)
		s.Memory = map[bool]string{true: "bss", false: "data"}[strings.ToLower(fields[2]) == "b"]
		s.Name = strings.Join(fields[3:], " ")
		syms = append(syms, s)
	}
	return syms, nil
}
