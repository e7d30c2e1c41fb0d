package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/objects"
)

// collisions checks what the analyzers see of a program's variables against the symbols of the compiled packages.
func (t *tool) collisions(ctx context.Context, args []string) error {
	c, line, err := ownLine("collisions", t.dir, args, map[string]bool{"nm": true})
	if err != nil {
		return err
	}
	if !line.Bool("nm") {
		return usageError{"collisions: say -nm; what the source tells alone is the analyzer's of that name"}
	}
	if info, err := os.Stat(c.dir); err != nil || !info.IsDir() {
		return usageError{fmt.Sprintf("-C %s: no such directory", c.dir)}
	}
	patterns := c.packages()
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	report, err := objects.Read(ctx, objects.Config{
		Dir: c.dir, Env: append(slices.Clip(t.env), "PWD="+c.dir), Flags: c.loading(),
		Trace: func(args []string) { t.trace(c, args) },
	}, patterns)
	if err != nil {
		return failed(c, err)
	}
	if printObjects(report, c.dir) > 0 {
		return statusError(exitFailed)
	}
	return nil
}

// printObjects prints what a report found, and returns how many findings there are.
func printObjects(r *objects.Report, dir string) int {
	found := 0
	for _, s := range r.Symbols {
		say := ""
		switch s.Kind {
		case objects.Unseen:
			say = fmt.Sprintf("%s.%s: no declaration seen (in %s of the compiled package)", s.Package, s.Name, s.Note)
		case objects.Assembly:
			say = fmt.Sprintf("%s: %s.%s is defined by assembly: images share it", place(s, dir), s.Package, s.Name)
		case objects.C:
			say = fmt.Sprintf("%s: C variable %s of %s: images share it", place(s, dir), s.Name, s.Package)
		case objects.Linkname:
			say = fmt.Sprintf("%s: %s.%s is also %s, by go:linkname", place(s, dir), s.Package, s.Name, s.Note)
		}
		if say != "" {
			found++
			fmt.Println(say)
		}
	}
	for _, same := range r.Same() {
		var where []string
		for _, s := range same {
			where = append(where, fmt.Sprintf("%s (%s)", s.Package, place(s, dir)))
		}
		fmt.Printf("note: %s stands in %d packages, each with a container of its own: %s\n", same[0].Name, len(same), strings.Join(where, ", "))
	}
	fmt.Printf("%d packages, %d symbols of writable data: %d declared, %d made by the toolchain, %d found\n",
		r.Packages, len(r.Symbols), r.Count(objects.Declared), r.Count(objects.Made), found)
	return found
}

// place is a symbol's position, relative to dir where that is shorter, as the go command prints paths.
func place(s objects.Symbol, dir string) string {
	pos := s.Pos
	if rel, err := filepath.Rel(dir, pos.Filename); err == nil && len(rel) < len(pos.Filename) {
		pos.Filename = rel
	}
	return pos.String()
}
