package gen

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-vimage/vimage/gen/listings"

	"github.com/rogpeppe/go-internal/txtar"
)

const relisted = `
-- go.mod --
module example.com/m

go 1.26

require example.com/r v0.0.0

replace example.com/r => ../r
-- main.go --
package main

import (
	_ "example.com/m/deep/er"
	_ "example.com/r"
)

func main() {}
-- main_test.go --
package main
-- windows.go --
//go:build windows

package main

import _ "strings"
-- deep/er/er.go --
package er

import _ "embed"

//go:embed data
var data string
-- deep/er/data/a.txt --
a
-- deep/er/none_windows.go --
package er
-- sub/all.go --
//go:build windows

package sub
-- ../r/go.mod --
module example.com/r

go 1.26
-- ../r/r.go --
package r
`

const someSum = "example.com/x v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

// records is a listings.Store in memory.
type records map[string][]byte

func (r records) Kept(key string) []byte          { return r[key] }
func (r records) Replace(key string, data []byte) { r[key] = data }

// After each change of what decides go list's output, a program has the identity
// that it has without a cache, and where nothing changed go list does not run.
func TestRelist(t *testing.T) {
	if testing.Short() {
		t.Skip("lists programs")
	}
	const imports = "import (\n\t_ \"example.com/m/deep/er\"\n\t_ \"example.com/r\"\n)\n"
	const body = "\nfunc main() { println() }\n"
	steps := []relistStep{
		{name: "nothing"},
		{"a test", "-- main_test.go --\npackage main\n\nvar x int\n", false},
		{"a body", "-- main.go --\npackage main\n\n" + imports + body, false},
		{"an import", "-- main.go --\npackage main\n\nimport _ \"errors\"\n" + imports + body, true},
		{"another import", "-- main.go --\npackage main\n\nimport _ \"errors\"\n" + imports +
			"import _ \"strings\"\n" + body, true},
		{"a constraint of a file in the list", "-- main.go --\n//go:build linux || !linux\n\npackage main\n\n" +
			imports + body, true},
		{"a directive", "-- deep/er/er.go --\npackage er\n\nimport _ \"embed\"\n\n" +
			"//go:embed data/a.txt\nvar data string\n", true},
		{"a file", "-- more.go --\npackage main\n", true},
		{"a file of the replacement", "-- ../r/more.go --\npackage r\n", true},
		{"no file", "-- more.go --\n-\n", true},
		{"a constraint", "-- windows.go --\npackage main\n\nimport _ \"strings\"\n", true},
		{"an embedded file", "-- deep/er/data/b.txt --\nb\n", true},
		{"a package that the pattern finds", "-- new/new.go --\npackage new\n", true},
		{"its only file excluded", "-- new/new.go --\n//go:build windows\n\npackage new\n", true},
		{"a file included in a folder without a package", "-- sub/all.go --\npackage sub\n", true},
		{"a module in between", "-- deep/go.mod --\nmodule example.com/other\n", true},
		// The record from before holds: there is none of a program with errors.
		{"as it was", "-- deep/go.mod --\n-\n", false},
		{"go.sum", "-- go.sum --\n" + someSum, true},
		{"go.mod of the replacement", "-- ../r/go.mod --\nmodule example.com/r\n\ngo 1.25\n", true},
		{"an error", "-- main.go --\npackage main\n\nimport _ \"example.com/m/gone\"\n\nfunc main() {}\n", true},
		{"no error", "-- main.go --\npackage main\n\nimport _ \"example.com/m/deep/er\"\n\nfunc main() {}\n", true},
	}
	relist(t, "GOWORK=off", steps)
}

// In a workspace, the modules that it uses decide the list as well.
func TestRelistWorkspace(t *testing.T) {
	if testing.Short() {
		t.Skip("lists programs")
	}
	relist(t, "GOWORK=", []relistStep{
		{"a workspace", "-- ../go.work --\ngo 1.26\n\nuse (\n\t./m\n\t./r\n)\n", true},
		{name: "nothing"},
		{"go.mod of a module that it uses", "-- ../r/go.mod --\nmodule example.com/r\n\ngo 1.25\n", true},
		{"go.work.sum", "-- ../go.work.sum --\n" + someSum, true},
		{"another module", "-- ../go.work --\ngo 1.26\n\nuse (\n\t./m\n\t./r\n\t./s\n)\n" +
			"-- ../s/go.mod --\nmodule example.com/s\n\ngo 1.26\n", true},
	})
}

// A relistStep is a change of a program.
type relistStep struct {
	name  string
	files string // an archive; a file of "-\n" is removed
	runs  bool   // whether go list has to run
}

func relist(t *testing.T, work string, steps []relistStep) {
	if testing.Short() {
		t.Skip("runs go list dozens of times")
	}
	dir := filepath.Join(t.TempDir(), "m")
	apply := func(archive string) {
		t.Helper()
		for _, f := range txtar.Parse([]byte(archive)).Files {
			path := filepath.Join(dir, f.Name)
			if string(f.Data) == "-\n" {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	store := records{}
	identity := func(cache *listings.Cache) (id string, ran bool) {
		t.Helper()
		got, err := Identify(context.Background(), Request{
			Dir: dir, Env: append(os.Environ(), "GOPROXY=off", work),
			Patterns: []string{"./..."}, Listings: cache,
			Trace: func(args []string) { ran = ran || args[1] == "list" },
		})
		if err != nil {
			t.Fatal(err)
		}
		return got.ID, ran
	}
	apply(relisted)
	for _, step := range steps {
		cache := listings.New(store)
		identity(cache) // a record needs two lists
		if first, _ := identity(cache); first == "" {
			t.Fatal("no identity")
		}
		apply(step.files)
		got, ran := identity(listings.New(store))
		if want, _ := identity(nil); got != want {
			t.Errorf("%s: another identity than without a cache", step.name)
		}
		if ran != step.runs {
			t.Errorf("%s: go list ran: %t", step.name, ran)
		}
	}
}

// What go build writes beside the sources is no change, and a record that no
// longer holds is made again by one list, if that is the same.
func TestRelistAgain(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/m\n\ngo 1.26\n")
	write("main.go", "package main\n\nfunc main() {}\n")
	write("windows.go", "//go:build windows\n\npackage main\n")
	store := records{}
	list := func(cache *listings.Cache) (ran bool) {
		t.Helper()
		_, err := Identify(context.Background(), Request{
			Dir: dir, Env: append(os.Environ(), "GOWORK=off"), Patterns: []string{"."}, Listings: cache,
			Trace: func(args []string) { ran = ran || args[1] == "list" },
		})
		if err != nil {
			t.Fatal(err)
		}
		return ran
	}
	cache := listings.New(store)
	list(cache)
	list(cache)
	write("m", "a program")
	if list(listings.New(store)) {
		t.Error("go list ran because of a program beside the sources")
	}
	write("windows.go", "//go:build windows\n\npackage main\n\nvar x int\n")
	if !list(listings.New(store)) {
		t.Error("go list did not run after a change of a source that it may read")
	}
	if list(listings.New(store)) {
		t.Error("go list ran although it printed the same list of the same files")
	}
	write("windows.go", "package main\n")
	changed := listings.New(store)
	list(changed)
	list(changed)
	if list(listings.New(store)) {
		t.Error("no record of a list that two calls got")
	}
}

// A file that changes between two lists leaves no record, and neither does one
// list alone.
func TestRelistChanging(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/m\n\ngo 1.26\n")
	write("main.go", "package main\n\nfunc main() {}\n")
	store := records{}
	cache := listings.New(store)
	list := func() {
		t.Helper()
		_, err := Identify(context.Background(), Request{
			Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod"), Patterns: []string{"."},
			Listings: cache,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	list()
	write("more.go", "package main\n")
	list()
	if len(store) != 0 {
		t.Error("a record of a list that may be of two states")
	}
	list()
	if len(store) != 1 {
		t.Errorf("%d records after two equal lists", len(store))
	}
}
