package pages

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("u", false, "write what is generated into the archives of testdata")

// TestFiles generates the pages of archives. The files of an archive are those of
// one package, .abi files among them; those below want are what comes out: files
// and problems. A second run, which finds the first one's files, must come to the
// same ones.
func TestFiles(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || archives == nil {
		t.Fatal(err, archives)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			authors := slices.DeleteFunc(slices.Clone(ar.Files),
				func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want/") })
			made, said := outputs(authors)
			again := slices.Clone(authors)
			for _, f := range made {
				again = slices.DeleteFunc(again, func(g txtar.File) bool { return g.Name == f.Name })
				again = append(again, f)
			}
			if second, more := outputs(again); said == "" && (more != "" || !slices.EqualFunc(made, second, same)) {
				t.Errorf("a second run differs: %s", more)
			}
			got := authors
			for _, f := range made {
				got = append(got, txtar.File{Name: "want/" + f.Name, Data: f.Data})
			}
			if said != "" {
				got = append(got, txtar.File{Name: "want/said", Data: []byte(said)})
			}
			if text := txtar.Format(&txtar.Archive{Comment: ar.Comment, Files: got}); *update {
				if err := os.WriteFile(name, text, 0o666); err != nil {
					t.Fatal(err)
				}
			} else if want := txtar.Format(ar); string(text) != string(want) {
				t.Errorf("got\n%s", text)
			}
		})
	}
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
