package objects

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

type listed struct {
	ImportPath, Name, Dir, Export                      string
	GoFiles, CgoFiles, CompiledGoFiles, SFiles         []string
	CFiles, CXXFiles, MFiles, HFiles, SysoFiles, Match []string
}

// list compiles the packages that the patterns match.
func list(ctx context.Context, cfg Config, patterns []string) ([]*listed, error) {
	args := slices.Concat([]string{
		"list", "-export", "-compiled",
		"-json=ImportPath,Name,Dir,Export,GoFiles,CgoFiles,CompiledGoFiles,SFiles,CFiles,CXXFiles,MFiles,HFiles,SysoFiles",
	}, cfg.Flags, []string{"--"}, patterns)
	out, err := run(ctx, cfg, args)
	if err != nil {
		return nil, err
	}
	var all []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Export != "" { // package unsafe has none
			all = append(all, p)
		}
	}
}

func run(ctx context.Context, cfg Config, args []string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if cfg.Trace != nil {
		cfg.Trace(cmd.Args)
	}
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return nil, &load.ProgramError{Text: strings.TrimRight(stderr.String(), "\n")}
	case err != nil:
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return stdout.Bytes(), nil
}

// A symbol is one line of nm's.
type symbol struct {
	name   string
	member string // of the archive: _go_.o is the compiler's, _x001.o and the like the C compiler's
}

var native = regexp.MustCompile(`^_x\d+\.o$|\.syso$`)

func (s symbol) native() bool { return native.MatchString(s.member) }

// nm lists an archive's symbols of writable data.
func nm(ctx context.Context, cfg Config, archive string) ([]symbol, error) {
	out, err := run(ctx, cfg, []string{"tool", "nm", "-sort", "none", archive})
	if err != nil {
		return nil, err
	}
	var syms []symbol
	for line := range strings.Lines(string(out)) {
		line = strings.TrimRight(line, "\n")
		s := symbol{member: "_go_.o"}
		// An archive of several members has each named before its symbols: archive(member):<tab>.
		if rest, ok := strings.CutPrefix(line, archive+"("); ok {
			if s.member, line, ok = strings.Cut(rest, "):"); !ok {
				continue
			}
		}
		line = strings.TrimPrefix(strings.TrimLeft(line, " \t"), ":")
		fields := strings.Fields(line)
		if len(fields) < 3 || !strings.Contains("DdBbC", fields[1]) {
			continue
		}
		s.name = strings.Join(fields[2:], " ")
		syms = append(syms, s)
	}
	return syms, nil
}
