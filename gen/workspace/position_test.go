package workspace_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// newProxy writes modules into a folder that GOPROXY can name, and returns the
// environment for it, with a module cache of its own. The archive's files are
// named proxy/path@version/file.
func newProxy(t *testing.T, archive string) []string {
	t.Helper()
	dir := t.TempDir()
	zips := map[string]*bytes.Buffer{}
	writers := map[string]*zip.Writer{}
	write := func(file string, data []byte) {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name, ok := strings.CutPrefix(f.Name, "proxy/")
		if !ok {
			continue
		}
		path, rest, _ := strings.Cut(name, "@")
		version, file, _ := strings.Cut(rest, "/")
		stem := filepath.Join(dir, path, "@v", version)
		if zips[stem] == nil {
			zips[stem] = new(bytes.Buffer)
			writers[stem] = zip.NewWriter(zips[stem])
		}
		w, err := writers[stem].Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(content(f.Data))
		if file == "go.mod" {
			write(stem+".mod", f.Data)
			write(stem+".info", []byte(`{"Version":"`+version+`"}`))
		}
	}
	for stem, w := range writers {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		write(stem+".zip", zips[stem].Bytes())
	}
	cache := t.TempDir()
	t.Cleanup(func() { makeWritable(cache) })
	return []string{"GOPROXY=file://" + dir, "GONOSUMDB=*", "GOMODCACHE=" + cache, "GONOSUMCHECK=1", "GOFLAGS="}
}

// content spells a byte order mark and carriage returns, which an archive
// cannot show.
func content(data []byte) []byte {
	data = bytes.ReplaceAll(data, []byte("<BOM>"), []byte("\xef\xbb\xbf"))
	return bytes.ReplaceAll(data, []byte("<CR>"), []byte("\r"))
}

func makeWritable(dir string) {
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			os.Chmod(path, 0o755)
		}
		return nil
	})
}

// oddModule has files of every kind that a copy might change. Its Positions
// must be told the same by a plain build and by one with the module copied.
const oddModule = `
-- go.mod --
module example.com/m

go 1.26

require example.com/odd v1.0.0
-- main.go --
package main

import "example.com/odd"

func main() { odd.Print() }
-- cgo.go --
package main

// int one(void) { return 1; }
import "C"

import "example.com/odd"

func init() { odd.Add(int(C.one())) }
-- proxy/example.com/odd@v1.0.0/go.mod --
module example.com/odd

go 1.26
-- proxy/example.com/odd@v1.0.0/odd.go --
// Package odd is odd.
package odd

import (
	_ "embed"
	"fmt"
	"runtime"
)

var positions []string

func Add(v int) {
	_, file, line, _ := runtime.Caller(1)
	positions = append(positions, fmt.Sprint(file, ":", line, " ", v))
}

//go:embed testdata/data.go
var data string

func Print() {
	Add(0)
	mark()
	constrained()
	crlf()
	generated()
	sum()
	fmt.Println(data)
	for _, p := range positions {
		fmt.Println(p)
	}
}
-- proxy/example.com/odd@v1.0.0/bom.go --
<BOM>package odd

func mark() { Add(1) }
-- proxy/example.com/odd@v1.0.0/constrained.go --
// Copyright.

//go:build !never

package odd

func constrained() { Add(2) }
-- proxy/example.com/odd@v1.0.0/never.go --
//go:build never

package odd

func constrained() { broken }
-- proxy/example.com/odd@v1.0.0/crlf.go --
package odd<CR>
<CR>
func crlf() { Add(3) }<CR>
-- proxy/example.com/odd@v1.0.0/generated.go --
package odd

//line grammar.y:100
func generated() { Add(4) }
-- proxy/example.com/odd@v1.0.0/cgo.go --
package odd

// #include "sum.h"
import "C"

func sum() { Add(int(C.sum(2, 3))) }
-- proxy/example.com/odd@v1.0.0/sum.h --
int sum(int a, int b);
-- proxy/example.com/odd@v1.0.0/sum.c --
#include "sum.h"
int sum(int a, int b) { return a + b; }
-- proxy/example.com/odd@v1.0.0/testdata/data.go --
package data // not touched
`

func TestPositions(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	env := newProxy(t, oddModule)
	p := newProgram(t, oddModule, env...)
	if out, err := p.plain("mod", "tidy"); err != nil {
		t.Fatal(out)
	}
	for _, flags := range [][]string{nil, {"-trimpath"}} {
		want, err := p.plain(append(append([]string{"run"}, flags...), ".")...)
		if err != nil {
			t.Fatal(want)
		}
		p.replace()
		p.want(want, flags, "run", ".")
	}
}

// replace replaces some files of the program and of its module, cgo ones too,
// by the same content, and adds generated ones.
func (p *program) replace() {
	p.t.Helper()
	p.files = map[string][]byte{}
	odd := filepath.Join(p.goenv("GOMODCACHE")[0], "example.com", "odd@v1.0.0")
	for _, dir := range []string{p.dir, odd} {
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		for _, file := range files {
			if base := filepath.Base(file); base == "main.go" || base == "cgo.go" || base == "bom.go" {
				data, err := os.ReadFile(file)
				if err != nil {
					p.t.Fatal(err)
				}
				p.files[file] = data
			}
		}
	}
	p.files[filepath.Join(p.dir, "zz_added.go")] = []byte("// Code generated by vimagegen. DO NOT EDIT.\npackage main\n\nfunc added() { println() }\n")
	p.files[filepath.Join(odd, "zz_added.go")] = []byte("// Code generated by vimagegen. DO NOT EDIT.\npackage odd\n\nfunc added() { println() }\n")
}

// TestCover demands the profile that the plain build gives.
func TestCover(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	// The go command's own coverage fails on a byte order mark.
	archive := strings.Replace(oddModule, "<BOM>", "", 1) + `
-- main_test.go --
package main

import "testing"

func TestMain(t *testing.T) { main() }
-- sub/sub.go --
package sub

func F(b bool) int {
	if b {
		return 1
	}
	return 2
}
-- sub/sub_test.go --
package sub

import "testing"

func TestF(t *testing.T) { F(true) }
`
	p := newProgram(t, archive, newProxy(t, archive)...)
	if out, err := p.plain("mod", "tidy"); err != nil {
		t.Fatal(out)
	}
	profile := func(file string) string { // sorted: the order of packages is that of their ends
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(data), "\n")
		slices.Sort(lines)
		return strings.Join(lines, "")
	}
	dir := t.TempDir()
	for _, flags := range [][]string{nil, {"-trimpath"}, {"-covermode=atomic"}} {
		args := func(name string) []string {
			return append(flags, "-count=1", "-coverpkg=./...,example.com/odd", "-coverprofile="+filepath.Join(dir, name), "./...")
		}
		if out, err := p.plain(append([]string{"test"}, args("plain")...)...); err != nil {
			t.Fatal(out)
		}
		p.replace()
		if out, err := p.run(args("ours")[:len(args("ours"))-1], "test", "./..."); err != nil {
			t.Fatal(out)
		}
		if want, got := profile(filepath.Join(dir, "plain")), profile(filepath.Join(dir, "ours")); got != want {
			t.Errorf("%q: got:\n%swant:\n%s", flags, got, want)
		}
	}
}
