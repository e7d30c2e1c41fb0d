package pages

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/go-vimage/vimage/internal/archives"
)

// TestFiles generates the pages of archives. The files of an archive are those
// of one package, .abi files among them; those below want are what comes out:
// files and problems. A second run, which finds the first one's files, must
// come to the same ones.
func TestFiles(t *testing.T) {
	archives.Each(t, "testdata/*.txtar", func(t *testing.T, a *archives.Archive) {
		made, said := outputs(a.Inputs())
		again := a.Inputs()
		for _, f := range made {
			again = slices.DeleteFunc(again, func(g txtar.File) bool { return g.Name == f.Name })
			again = append(again, f)
		}
		if second, more := outputs(again); said == "" && (more != "" || !slices.EqualFunc(made, second, same)) {
			t.Errorf("a second run differs: %s", more)
		}
		if said != "" {
			made = append(made, txtar.File{Name: "said", Data: []byte(said)})
		}
		a.WantFiles(t, made)
	})
}

func same(a, b txtar.File) bool { return a.Name == b.Name && string(a.Data) == string(b.Data) }

// outputs generates, and returns files and the problems or the error.
func outputs(files []txtar.File) (out []txtar.File, said string) {
	p := &Package{Dir: "d", Files: map[string][]byte{}, Version: "go1.26", Module: "example.com/m"}
	abi := map[string][]byte{}
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".go") {
			p.Files[f.Name] = f.Data
		} else {
			abi[f.Name] = f.Data
		}
	}
	p.ABI = func(base string) ([]byte, error) { return abi[base], nil }
	made, problems, err := Files(p)
	if err != nil {
		return nil, err.Error() + "\n"
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		out = append(out, txtar.File{Name: name, Data: made[name]})
	}
	for _, q := range problems {
		said += fmt.Sprintf("%s: %s\n", q.Pos, q.Message)
	}
	return out, said
}
