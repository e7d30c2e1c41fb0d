package gen

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/workspace"
)

// What decides a Result and is not in its identity has stale results taken for
// good: whoever adds a field to Request decides here how the identity gets it.
func TestRequestFields(t *testing.T) {
	inIdentity := []string{
		"Dir", "Env", "Flags", "Patterns", "Tests", "Launch", "Debug", "Slot", "Build", "Check", "Diff", "Strict", "Apart",
		"Cover", "Loadable",
	}
	inListing := []string{"Modules"} // and the overlay, by which tests are linked with them
	notKept := []string{"Committed", "Emitters", "Overlay"}
	noInput := []string{"Known", "Listings", "Verdicts", "Progress", "Count", "Trace"}
	known := slices.Concat(inIdentity, inListing, notKept, noInput)
	request := reflect.TypeFor[Request]()
	for i := range request.NumField() {
		if name := request.Field(i).Name; !slices.Contains(known, name) {
			t.Errorf("Request.%s is not in the identity", name)
		}
	}
	if len(known) != request.NumField() {
		t.Errorf("Request has %d fields, want %d", request.NumField(), len(known))
	}
}

// Each file that decides a Result changes its identity. The frame leaves out the
// Go files that people edit, and nothing else.
func TestIdentity(t *testing.T) {
	if testing.Short() {
		t.Skip("lists a program for each change")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	sources := []string{"m/a.go", "r/a.go"}
	others := []string{
		"m/over.go", "m/ignored.go", "m/a.s", "m/a.h", "m/a.c", "c/cgo.go", "c/plain.go", "v/a.go", "mod/d/a.go", "std/a.go",
		"m/go.mod", "r/go.mod", "m/default.pgo", "m/vimage.settings", "env",
	}
	for _, name := range slices.Concat(sources, others) {
		write(name, "1")
	}
	env := &workspace.Environment{GoEnv: workspace.GoEnv{
		GOMOD: filepath.Join(dir, "m/go.mod"), GOMODCACHE: filepath.Join(dir, "mod"), GOENV: filepath.Join(dir, "env"),
	}}
	main := &load.Module{Path: "m", Main: true, Dir: filepath.Join(dir, "m")}
	at := func(name string) string { return filepath.Join(dir, name) }
	listing := &load.Listing{Output: []byte("list"), Packages: []*load.Listed{
		{
			Name: "main", Dir: at("m"), Module: main, GoFiles: []string{"a.go", "over.go"},
			IgnoredGoFiles: []string{"ignored.go"}, SFiles: []string{"a.s"}, HFiles: []string{"a.h"}, CFiles: []string{"a.c"},
		},
		{Dir: at("c"), Module: main, GoFiles: []string{"plain.go"}, CgoFiles: []string{"cgo.go"}},
		{
			Dir: at("r"), GoFiles: []string{"a.go"},
			Module: &load.Module{Path: "r", Version: "v1.0.0", Dir: at("r"), Replace: &load.Module{Path: "../r", Dir: at("r")}},
		},
		{Dir: at("v"), Module: &load.Module{Path: "v", Version: "v1.0.0"}, GoFiles: []string{"a.go"}}, // vendored
		{Dir: at("mod/d"), Module: &load.Module{Path: "d", Version: "v1.0.0", Dir: at("mod/d")}, GoFiles: []string{"a.go"}},
		{Dir: at("std"), Standard: true, GoFiles: []string{"a.go"}},
	}}
	cfg := &load.Config{Overlay: map[string][]byte{at("m/over.go"): []byte("1")}}
	id := func(req Request) *Identity {
		t.Helper()
		i, err := identify(req, env, cfg, listing)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	first := id(Request{})
	var paths []string
	for _, s := range first.Sources {
		paths = append(paths, s.Path)
	}
	if want := []string{at("m/a.go"), at("r/a.go")}; !slices.Equal(paths, want) {
		t.Errorf("sources are %v, want %v", paths, want)
	}
	for _, name := range slices.Concat(sources, others) {
		write(name, "22")
		i := id(Request{})
		if i.ID == first.ID {
			t.Errorf("%s does not count", name)
		}
		if frame := i.Frame != first.Frame; frame == slices.Contains(sources, name) {
			t.Errorf("%s is in the frame: %t", name, frame)
		}
		write(name, "1")
		if info, err := os.Stat(at("std/a.go")); err == nil { // what counts by its time
			for _, name := range []string{"mod/d/a.go", "std/a.go"} {
				if err := os.Chtimes(at(name), info.ModTime(), info.ModTime()); err != nil {
					t.Fatal(err)
				}
			}
		}
		first = id(Request{})
	}
	cfg.Overlay[at("m/over.go")] = []byte("2")
	if i := id(Request{}); i.Frame == first.Frame || i.ID == first.ID {
		t.Error("an overlay does not count")
	}
	first = id(Request{})
	listing.Output = []byte("other")
	if i := id(Request{}); i.Frame == first.Frame {
		t.Error("the list does not count")
	}
	if id(Request{Cover: true}).Frame == id(Request{}).Frame {
		t.Error("the request does not count")
	}
}
