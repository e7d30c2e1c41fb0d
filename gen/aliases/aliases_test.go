package aliases

import (
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/go-vimage/vimage/internal/archives"
)

// TestLink links the packages of archives, whose comments have the options. The
// files of an archive are named by their packages' import paths; those below
// want are what comes out: files, pairs and problems.
func TestLink(t *testing.T) {
	archives.Each(t, "testdata/*.txtar", func(t *testing.T, a *archives.Archive) {
		a.WantFiles(t, outputs(t, string(a.Comment), a.Inputs()))
	})
}

// outputs links, and returns what comes out.
func outputs(t *testing.T, comment string, authors []txtar.File) (out []txtar.File) {
	fset := token.NewFileSet()
	var packages []*Package
	for _, f := range authors {
		file := &File{Path: f.Name, Src: f.Data}
		var err error
		if file.Syntax, err = parser.ParseFile(fset, f.Name, f.Data,
			parser.ParseComments|parser.SkipObjectResolution); err != nil {
			t.Fatal(err)
		}
		at := path.Dir(f.Name)
		i := slices.IndexFunc(packages, func(p *Package) bool { return p.Path == at })
		if i < 0 {
			i = len(packages)
			packages = append(packages, &Package{Path: at, Dir: at, Name: file.Syntax.Name.Name})
		}
		p := packages[i]
		p.Files = append(p.Files, file)
		for _, s := range file.Syntax.Imports {
			imported, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			p.Imports = append(p.Imports, imported)
		}
	}
	opts := Options{}
	var tested []string
	for line := range strings.Lines(comment) {
		switch words := strings.Fields(line); {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "modules":
			opts.Modules = words[1:]
		case words[0] == "tested":
			tested = words[1:]
		case words[0] == "loadable":
			opts.Loadable = true
		case words[0] == "readable":
			opts.Readable, opts.Own = true, func(path string) bool { return !slices.Contains(words[1:], path) }
		default:
			t.Fatalf("unknown option %s", words[0])
		}
	}
	for _, p := range packages {
		p.Tested = slices.Contains(tested, p.Path)
	}
	files, pairs, problems, err := Link(packages, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out = append(out, txtar.File{Name: name, Data: files[name]})
	}
	var lines []byte
	for _, p := range pairs {
		lines = fmt.Appendf(lines, "%s: %s.%s %s.%s\n", p.Spelled, p.Slot.Pkg, p.Slot.Name, p.Function.Pkg,
			p.Function.Name)
	}
	for _, p := range problems {
		lines = fmt.Appendf(lines, "%s: %s\n", fset.Position(p.Pos), p.Message)
	}
	return append(out, txtar.File{Name: "said", Data: lines})
}
