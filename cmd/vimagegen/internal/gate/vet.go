package gate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/vettool"
)

// A Config says what to vet.
type Config struct {
	Dir      string
	Env      []string
	Tool     string   // the vettool
	Flags    []string // of go vet and of the vettool
	Packages []string
	Stderr   io.Writer           // for what the go command says beside findings
	Trace    func(args []string) // told of the go command
}

// A Failure is what the go command says of packages that it cannot load or
// compile.
type Failure struct {
	Compile bool // they were loaded
	Text    string
}

func (e *Failure) Error() string { return e.Text }

// Vet runs go vet.
func Vet(ctx context.Context, c Config) ([]Finding, error) {
	args := slices.Concat([]string{"vet", "-vettool=" + c.Tool, "-json", "-" + vettool.Related}, c.Flags, c.Packages)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = c.Dir, c.Env
	c.Trace(cmd.Args)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || stderr.Len() == 0 {
			return nil, fmt.Errorf("go vet: %w", err)
		}
		return nil, &Failure{Compile: compiler(c.Dir, stderr.String()), Text: strings.TrimSpace(stderr.String())}
	}
	if _, err := c.Stderr.Write(stderr.Bytes()); err != nil {
		return nil, err
	}
	return parse(&stdout)
}

// compiler reports whether what the go command said is about code, and not
// about finding it. What the compiler says is headed by the package's name.
// Syntax errors come before that, as errors of loading do, and stand elsewhere
// than at an import.
func compiler(dir, text string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "# ") {
			return true
		}
		place, _, ok := strings.Cut(line, ": ")
		p := position(place)
		if !ok || p.Line == 0 || !strings.HasSuffix(p.File, ".go") {
			continue
		}
		if !filepath.IsAbs(p.File) {
			p.File = filepath.Join(dir, p.File)
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, p.File, nil, parser.ImportsOnly)
		if err != nil || !slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
			return fset.PositionFor(spec.Path.Pos(), false).Line == p.Line
		}) {
			return true
		}
	}
	return false
}

// What go vet -json prints: for each package an object that holds, by package
// and analyzer, an error or diagnostics.
type (
	diagnostic struct {
		Category       string         `json:"category"`
		Posn           string         `json:"posn"`
		End            string         `json:"end"`
		Message        string         `json:"message"`
		SuggestedFixes []suggestedFix `json:"suggested_fixes"`
		Related        []related      `json:"related"`
	}
	suggestedFix struct {
		Message string     `json:"message"`
		Edits   []textEdit `json:"edits"`
	}
	textEdit struct {
		Filename string `json:"filename"`
		Start    int    `json:"start"`
		End      int    `json:"end"`
		New      string `json:"new"`
	}
	related struct {
		Posn    string `json:"posn"`
		End     string `json:"end"`
		Message string `json:"message"`
	}
)

func parse(r io.Reader) ([]Finding, error) {
	var all []Finding
	for dec := json.NewDecoder(r); ; {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); err == io.EOF {
			return Sort(all), nil
		} else if err != nil {
			return nil, fmt.Errorf("what go vet -json printed: %w", err)
		}
		for id, byAnalyzer := range tree {
			pkg, _, _ := strings.Cut(id, " ") // the rest tells of which test binary
			for analyzer, message := range byAnalyzer {
				var failed struct{ Error string }
				if json.Unmarshal(message, &failed) == nil {
					return nil, fmt.Errorf("%s: %s: %s", analyzer, pkg, failed.Error)
				}
				var diagnostics []diagnostic
				if err := json.Unmarshal(message, &diagnostics); err != nil {
					return nil, fmt.Errorf("what go vet -json printed: %w", err)
				}
				for _, d := range diagnostics {
					all = append(all, d.finding(pkg, analyzer))
				}
			}
		}
	}
}

func (d *diagnostic) finding(pkg, analyzer string) Finding {
	f := Finding{Analyzer: analyzer, Package: pkg, Message: d.Message, Start: position(d.Posn), End: position(d.End)}
	f.Rule, f.Object = finding.Split(d.Category)
	if f.Rule == "" {
		f.Rule = analyzer
	}
	if f.Object == "" {
		f.Object = "-"
	}
	for _, r := range d.Related {
		f.Related = append(f.Related, Related{position(r.Posn), position(r.End), r.Message})
	}
	for _, fix := range d.SuggestedFixes {
		to := Fix{Message: fix.Message}
		for _, e := range fix.Edits {
			to.Edits = append(to.Edits, Edit{e.Filename, e.Start, e.End, e.New})
		}
		f.Fixes = append(f.Fixes, to)
	}
	return f
}

// position reads file:line:column, of which the last may be missing.
func position(s string) Position {
	var p Position
	file, last, ok := cutNumber(s)
	if !ok {
		return Position{File: s}
	}
	if before, line, ok := cutNumber(file); ok {
		p.File, p.Line, p.Column = before, line, last
	} else {
		p.File, p.Line = file, last
	}
	return p
}

func cutNumber(s string) (before string, n int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	return s[:i], n, err == nil
}
