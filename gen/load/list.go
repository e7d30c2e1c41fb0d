package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// A Module is what the go command says of the module that a package is in.
type Module struct {
	Path      string
	Version   string
	Main      bool
	Dir       string
	GoVersion string
	Replace   *Module
}

// A Listed is one package as `go list -json` prints it.
type Listed struct {
	ImportPath      string // with the variant: "p [q.test]"
	Name            string
	Dir             string
	Standard        bool
	DepOnly         bool
	ForTest         string
	Module          *Module
	GoFiles         []string
	CgoFiles        []string
	CompiledGoFiles []string
	IgnoredGoFiles  []string
	CFiles          []string
	CXXFiles        []string
	MFiles          []string
	HFiles          []string
	SFiles          []string
	EmbedFiles      []string // by their names for the package: relative to its folder
	TestEmbedFiles  []string
	XTestEmbedFiles []string
	Imports         []string
	ImportMap       map[string]string
	Match           []string
	Incomplete      bool
	Error           *ListedError
}

// A ListedError is what the go command found wrong with a package.
type ListedError struct {
	ImportStack []string
	Pos         string
	Err         string
}

const listFields = "-json=ImportPath,Name,Dir,Standard,DepOnly,ForTest,Module,GoFiles,CgoFiles,CompiledGoFiles,IgnoredGoFiles," +
	"CFiles,CXXFiles,MFiles,HFiles,SFiles,EmbedFiles,TestEmbedFiles,XTestEmbedFiles,Imports,ImportMap,Match,Incomplete,Error"

// ErrProgram marks an error that is the program's own: it does not list, parse or type-check.
var ErrProgram = errors.New("the program has errors")

// A ProgramError holds the go command's or the type checker's words about the user's program, a line each.
type ProgramError struct{ Text string }

func (e *ProgramError) Error() string { return e.Text }

// Is makes errors.Is(err, ErrProgram) hold.
func (e *ProgramError) Is(target error) bool { return target == ErrProgram }

// A Listing is what the go command says a program consists of.
type Listing struct {
	Packages []*Listed // dependencies first
	// Output is all that the go command printed: equal outputs mean that
	// equal lists of files make up the program.
	Output []byte
}

// List lists the user's patterns and the configuration's own. The go command
// does not take Go files and packages together.
func List(ctx context.Context, cfg *Config, patterns []string) (*Listing, error) {
	extra := []string{"-deps", "-compiled"}
	if cfg.Tests {
		extra = append(extra, "-test")
	}
	if len(patterns) == 0 {
		patterns = []string{"."} // as the go command takes it; with cfg.Extra beside it, it would not
	}
	if !slices.ContainsFunc(patterns, func(p string) bool { return strings.HasSuffix(p, ".go") }) {
		return list(ctx, cfg, extra, slices.Concat(patterns, cfg.Extra))
	}
	l, err := list(ctx, cfg, extra, patterns)
	if err != nil {
		return nil, err
	}
	own, err := list(ctx, cfg, []string{"-deps", "-compiled"}, cfg.Extra)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, p := range l.Packages {
		seen[p.ImportPath] = true
	}
	for _, p := range own.Packages {
		if !seen[p.ImportPath] {
			l.Packages = append(l.Packages, p)
		}
	}
	l.Output = append(l.Output, own.Output...)
	return l, nil
}

// list runs go list with the configuration's flags.
func list(ctx context.Context, cfg *Config, extra []string, patterns []string) (*Listing, error) {
	args := []string{"list", "-e", listFields}
	args = append(args, extra...)
	args = append(args, cfg.Flags...)
	if cfg.OverlayJSON != "" {
		args = append(args, "-overlay="+cfg.OverlayJSON)
	}
	args = append(args, "--")
	args = append(args, patterns...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = cfg.Dir
	cmd.Env = cfg.Env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if cfg.Trace != nil {
		cfg.Trace(cmd.Args)
	}
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, &ProgramError{strings.TrimRight(stderr.String(), "\n")}
		}
		return nil, fmt.Errorf("go list: %w", err)
	}
	output := stdout.Bytes()
	for _, flag := range cfg.Flags { // a temporary file is another one in each run
		if file, ok := strings.CutPrefix(flag, "-modfile="); ok {
			quoted, err := json.Marshal(file)
			if err != nil {
				return nil, err
			}
			output = bytes.ReplaceAll(output, quoted, []byte(`"go.mod"`))
		}
	}
	return Parse(output)
}

// Parse returns the listing whose Output was output. It keeps output.
func Parse(output []byte) (*Listing, error) {
	out := &Listing{Output: output}
	dec := json.NewDecoder(bytes.NewReader(output))
	for {
		p := new(Listed)
		if err := dec.Decode(p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		out.Packages = append(out.Packages, p)
	}
	return out, nil
}

// PackageDir asks the go command for the folder of a package that the program need not import, "" if there is none.
func PackageDir(ctx context.Context, cfg *Config, path string) string {
	args := slices.Concat([]string{"list", "-find", "-f", "{{.ImportPath}} {{.Dir}}"}, cfg.Flags, []string{"--", path})
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
	if cfg.Trace != nil {
		cfg.Trace(cmd.Args)
	}
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	name, dir, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if name != path { // a pattern
		return ""
	}
	return dir
}
