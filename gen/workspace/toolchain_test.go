//go:build unix

package workspace_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFetchedToolchain has GOROOT where the go command puts the toolchains that
// it fetches: in the module cache, where -overlay is refused.
func TestFetchedToolchain(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	cache := t.TempDir()
	goroot := filepath.Join(cache, "golang.org", "toolchain@v0.0.1-go1.26.0.linux-amd64")
	if err := os.MkdirAll(filepath.Dir(goroot), 0o777); err != nil {
		t.Fatal(err)
	}
	archive := `
-- go.mod --
module example.com/m

go 1.26
-- main.go --
package main

import "container/list"

func main() { println(list.Word) }
-- want/goroot/src/container/list/added.go --
package list

const Word = "root"
`
	real := newProgram(t, archive).goenv("GOROOT")[0]
	if err := os.Symlink(real, goroot); err != nil {
		t.Fatal(err)
	}
	p := newProgram(t, archive, "GOMODCACHE="+cache, "GOROOT="+goroot, "GOTOOLCHAIN=local")
	p.want("root\n", nil, "run", ".")
	p.want("root\n", []string{"-trimpath"}, "run", ".")
}
