package vimage

import (
	"go/build"
	"slices"
	"testing"
)

// Every program that vimagegen builds has this package, so its proof follows
// all that this package calls. Package fmt calls methods of whatever it is
// given, and would have variables of programs that do not use it taken for
// changed.
func TestImports(t *testing.T) {
	pkg, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"fmt", "log", "reflect", "encoding/json"} {
		if slices.Contains(pkg.Imports, path) {
			t.Errorf("%s is imported: %v", path, pkg.ImportPos[path])
		}
	}
}
