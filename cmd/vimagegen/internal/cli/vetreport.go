package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/baseline"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/gate"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/sarif"
)

// A gateReport is what vet has to say.
type gateReport struct {
	dir      string
	findings []gate.Finding
	stale    []staleEntry
}

// A staleEntry is a line of the baseline that nothing matches any more.
type staleEntry struct {
	baseline.Key
	file string
	line int
}

// print prints findings as go vet does, one line each, or as JSON. Related
// places are in JSON alone: the message names them.
func (r *gateReport) print(asJSON bool) error {
	out := bufio.NewWriter(os.Stdout)
	if asJSON {
		text, err := json.MarshalIndent(r.object(), "", "\t")
		if err != nil {
			return err
		}
		out.Write(append(text, '\n'))
		return out.Flush()
	}
	for _, f := range r.findings {
		fmt.Fprintf(out, "%s: %s [%s]\n", r.place(f.Start), f.Message, f.ID())
	}
	for _, s := range r.stale {
		fmt.Fprintf(os.Stderr, "%s:%d: stale: %s\n", s.file, s.line, s.Key)
	}
	return out.Flush()
}

func (r *gateReport) place(p gate.Position) string {
	file := gate.Short(r.dir, p.File)
	switch {
	case p.Line == 0:
		return file
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", file, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Column)
}

// What vet -json prints. The manual tells its meaning.
type (
	jsonReport struct {
		Version  int           `json:"version"`
		Findings []jsonFinding `json:"findings"`
		Stale    []jsonStale   `json:"stale"`
	}
	jsonPlace struct {
		File      string `json:"file"`
		Line      int    `json:"line"`
		Column    int    `json:"column"`
		EndLine   int    `json:"endLine"`
		EndColumn int    `json:"endColumn"`
		Message   string `json:"message"`
	}
	jsonFinding struct {
		Rule    string `json:"rule"`
		Package string `json:"package"`
		Object  string `json:"object"`
		jsonPlace
		Related []jsonPlace `json:"related"`
		Fixes   []jsonFix   `json:"fixes"`
	}
	jsonFix struct {
		Message string     `json:"message"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		File  string `json:"file"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		New   string `json:"new"`
	}
	jsonStale struct {
		Rule    string `json:"rule"`
		Package string `json:"package"`
		Object  string `json:"object"`
		Line    int    `json:"line"`
	}
)

func (r *gateReport) object() *jsonReport {
	place := func(start, end gate.Position, message string) jsonPlace {
		return jsonPlace{r.slashed(start.File), start.Line, start.Column, end.Line, end.Column, message}
	}
	report := &jsonReport{Version: 1, Findings: []jsonFinding{}, Stale: []jsonStale{}}
	for _, f := range r.findings {
		to := jsonFinding{
			Rule: f.ID(), Package: f.Package, Object: f.Object, jsonPlace: place(f.Start, f.End, f.Message),
			Related: []jsonPlace{}, Fixes: []jsonFix{},
		}
		for _, rel := range f.Related {
			to.Related = append(to.Related, place(rel.Start, rel.End, rel.Message))
		}
		for _, fix := range f.Fixes {
			edits := []jsonEdit{}
			for _, e := range fix.Edits {
				edits = append(edits, jsonEdit{r.slashed(e.File), e.Start, e.End, e.New})
			}
			to.Fixes = append(to.Fixes, jsonFix{fix.Message, edits})
		}
		report.Findings = append(report.Findings, to)
	}
	for _, s := range r.stale {
		report.Stale = append(report.Stale, jsonStale{s.Rule, s.Package, s.Object, s.line})
	}
	return report
}

func (r *gateReport) slashed(file string) string { return filepath.ToSlash(gate.Short(r.dir, file)) }

// sarif spells the report for code hosts, which tell paths from the
// repository's root. Where there is no repository, it is the module's, or the
// working directory.
func (r *gateReport) sarif(version string) ([]byte, error) {
	root := r.dir
	for _, mark := range []string{"go.mod", ".git"} {
		if dir, ok := marked(r.dir, mark); ok {
			root = dir
		}
	}
	return sarif.Format(sarif.Config{Root: root, Version: version, Analyzers: analyzers.All()}, r.findings)
}

// marked returns the directory, here or above, in which something of a name
// lies.
func marked(dir, name string) (string, bool) {
	for up := ""; dir != up; dir, up = filepath.Dir(dir), dir {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return dir, true
		}
	}
	return "", false
}

// released is vimagegen's version, or "" for one that was built from a clone,
// which no two logs shall differ by.
func (t *tool) released() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "(devel)" && !strings.Contains(info.Main.Version, "+") {
		return info.Main.Version
	}
	return ""
}

// stale returns the baseline's keys that nothing matches: those whose analyzer
// ran, and whose package was looked at or is not there any more.
func (t *tool) stale(ctx context.Context, c *gateCommand, known baseline.File, findings []gate.Finding) ([]baseline.Key, error) {
	found := map[baseline.Key]bool{}
	for _, f := range findings {
		found[f.Key()] = true
	}
	var unmatched []baseline.Key
	for k := range known {
		if analyzer, _, _ := strings.Cut(k.Rule, "/"); !found[k] && !c.off[analyzer] {
			unmatched = append(unmatched, k)
		}
	}
	if unmatched == nil {
		return nil, nil
	}
	looked, err := t.list(ctx, c, "{{.ImportPath}}", c.packages())
	if err != nil {
		return nil, err
	}
	var others []string
	for _, k := range unmatched {
		if path := strings.TrimSuffix(k.Package, "_test"); !slices.Contains(looked, path) && !slices.Contains(others, path) {
			others = append(others, path)
		}
	}
	there := []string{}
	if others != nil {
		if there, err = t.list(ctx, c, "{{if .Dir}}{{.ImportPath}}{{end}}", others); err != nil {
			return nil, err
		}
	}
	unmatched = slices.DeleteFunc(unmatched, func(k baseline.Key) bool {
		path := strings.TrimSuffix(k.Package, "_test")
		return !slices.Contains(looked, path) && slices.Contains(there, path)
	})
	slices.SortFunc(unmatched, baseline.Compare)
	return unmatched, nil
}

// list asks the go command about packages, and returns its lines.
func (t *tool) list(ctx context.Context, c *gateCommand, format string, packages []string) ([]string, error) {
	args := slices.Concat([]string{"list", "-e", "-find", "-f", format}, c.loading(), packages)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = c.dir, t.env
	t.trace(c.command, cmd.Args)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %s", bytes.TrimSpace(stderr.Bytes()))
	}
	return strings.Fields(string(out)), nil
}
