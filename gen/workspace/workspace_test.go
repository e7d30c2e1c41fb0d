package workspace_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/overlaycover"

	"golang.org/x/tools/txtar"
)

// The test binary also serves as the -toolexec command.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "toolexec" {
		os.Exit(overlaycover.Main(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// A program is a temporary tree of the user's, and what is to be seen in it.
type program struct {
	t     *testing.T
	dir   string
	cache string
	env   []string
	files map[string][]byte
}

// newProgram writes a txtar archive into a folder whose name has a space. Files of other modules are
// to be replaced by those below want/ of the archive: want/cache/ stands for the module cache,
// want/root/ for GOROOT, want/ for the folder.
func newProgram(t *testing.T, archive string) *program {
	t.Helper()
	p := &program{t: t, dir: filepath.Join(t.TempDir(), "a b"), cache: sharedCache(t), files: map[string][]byte{}}
	p.env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOWORK=", "PWD="+p.dir, "GOCOVERDIR="+t.TempDir())
	dirs := p.goenv("GOMODCACHE", "GOROOT")
	for _, f := range txtar.Parse([]byte(archive)).Files {
		to := filepath.Join(p.dir, f.Name)
		if name, ok := strings.CutPrefix(f.Name, "want/"); ok {
			switch first, rest, _ := strings.Cut(name, "/"); first {
			case "cache":
				to = filepath.Join(dirs[0], rest)
			case "root":
				to = filepath.Join(dirs[1], rest)
			default:
				to = filepath.Join(p.dir, name)
			}
			p.files[to] = f.Data
			continue
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// sharedCache is one for the package: its entries are made once, as in life.
func sharedCache(t *testing.T) string {
	dir := filepath.Join(os.TempDir(), "vimage-workspace-test")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (p *program) goenv(names ...string) []string {
	p.t.Helper()
	cmd := exec.Command("go", append([]string{"env"}, names...)...)
	cmd.Env = p.env
	out, err := cmd.Output()
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

func (p *program) open(flags ...string) *workspace.Workspace {
	p.t.Helper()
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	w, err := workspace.Open(context.Background(), workspace.Config{
		Dir: p.dir, Env: p.env, Flags: flags, Files: p.files, Toolexec: []string{self, "toolexec"}, Cache: p.cache,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { w.Close() })
	return w
}

// plain runs the go command without a workspace.
func (p *program) plain(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// run runs the go command in a workspace, and demands that it leaves the user's tree alone.
func (p *program) run(flags []string, verb string, args ...string) (string, error) {
	p.t.Helper()
	before := snapshot(p.t, p.dir)
	w := p.open(flags...)
	cmd := exec.Command(w.Go, slices.Concat([]string{verb}, flags, w.Flags, args)...)
	cmd.Dir, cmd.Env = p.dir, w.Env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if after := snapshot(p.t, p.dir); !maps.Equal(before, after) {
		p.t.Errorf("the user's tree has changed")
	}
	return out.String(), err
}

func (p *program) want(wantOut string, flags []string, verb string, args ...string) {
	p.t.Helper()
	out, err := p.run(flags, verb, args...)
	if err != nil || out != wantOut {
		p.t.Errorf("go %s %q: %v\ngot:\n%swant:\n%s", verb, flags, err, out, wantOut)
	}
}

// snapshot returns the files below a folder with their contents and modes.
func snapshot(t *testing.T, dir string) map[string]string {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		files[path] = info.Mode().String() + string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// uuidProgram prints where a function of a copied module stands, and a word from each place.
const uuidProgram = `
-- go.mod --
module example.com/m

go 1.26

require github.com/google/uuid v1.6.0
-- go.sum --
github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=
github.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=
-- main.go --
package main

import (
	"fmt"

	"github.com/google/uuid"
)

func main() {
	fmt.Println(word())
	_, err := uuid.Parse("x")
	fmt.Println(err)
}

func word() string { return "plain" }
-- want/main.go --
package main

import (
	"container/list"
	"fmt"

	"github.com/google/uuid"
)

func main() {
	fmt.Println(added(), list.Word, uuid.Word)
	uuid.Where()
}
-- want/added.go --
package main

func added() string { return "main" }
-- want/root/src/container/list/added.go --
package list

const Word = "root"
-- want/cache/github.com/google/uuid@v1.6.0/added.go --
package uuid

import (
	"fmt"
	"runtime"
)

const Word = "cache"

func Where() {
	_, file, line, _ := runtime.Caller(0)
	fmt.Println(file, line)
	func() {
		defer func() {
			recover()
			for skip := 1; ; skip++ {
				pc, file, line, _ := runtime.Caller(skip)
				if name := runtime.FuncForPC(pc).Name(); name == "github.com/google/uuid.Must" {
					fmt.Println(file, line)
					return
				}
			}
		}()
		Must(Parse("x"))
	}()
}
`

func TestModule(t *testing.T) {
	p := newProgram(t, uuidProgram)
	dir := filepath.Join(p.goenv("GOMODCACHE")[0], "github.com/google/uuid@v1.6.0")
	full := "main root cache\n" + dir + "/added.go 11\n" + dir + "/uuid.go 184\n"
	trimmed := "main root cache\ngithub.com/google/uuid@v1.6.0/added.go 11\ngithub.com/google/uuid@v1.6.0/uuid.go 184\n"
	p.want(full, nil, "run", ".")
	p.want(full, []string{"-mod=mod"}, "run", ".")
	p.want(full, []string{"-race"}, "run", ".")
	p.want(full, []string{"-cover"}, "run", ".")
	p.want(trimmed, []string{"-trimpath"}, "run", ".")
	p.env = append(p.env, "GOFLAGS=-mod=mod -trimpath")
	p.want(trimmed, nil, "run", ".")
}

// TestSecondBuild demands that unchanged input builds nothing again.
func TestSecondBuild(t *testing.T) {
	p := newProgram(t, uuidProgram)
	exe := filepath.Join(t.TempDir(), "exe")
	if out, err := p.run(nil, "build", "-o", exe, "."); err != nil {
		t.Fatal(out)
	}
	if out, err := p.run(nil, "build", "-v", "-o", exe, "."); out != "" || err != nil {
		t.Errorf("the second build did something: %v\n%s", err, out)
	}
}

// TestConcurrent opens the same view in many goroutines over an empty cache.
func TestConcurrent(t *testing.T) {
	p := newProgram(t, uuidProgram)
	p.cache = t.TempDir()
	t.Cleanup(func() { workspace.Clean(p.cache) })
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if out, err := p.run(nil, "list", "-deps", "."); err != nil {
				t.Error(out)
			}
		})
	}
	wg.Wait()
	for kind, want := range map[string]int{"mod/*": 1, "file/*/*": 3, "*/.tmp-*": 0, "file/*/.tmp-*": 0} {
		if got, _ := filepath.Glob(filepath.Join(p.cache, kind)); len(got) != want {
			t.Errorf("%s: %d entries, want %d", kind, len(got), want)
		}
	}
}

// TestUserOverlay merges the user's -overlay, and lets ours win.
func TestUserOverlay(t *testing.T) {
	p := newProgram(t, `
-- go.mod --
module example.com/m

go 1.26
-- main.go --
package main

func main() { println(one(), two()) }
-- one.go --
package main

func one() string { return "author" }
-- two.go --
package main

func two() string { return "author" }
-- user.go --
package other

func f() {}
-- sub/one.txt --
package main

func one() string { return "user" }
-- want/two.go --
package main

func two() string { return "ours" }
`)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		"one.go": "sub/one.txt", filepath.Join(p.dir, "two.go"): "sub/one.txt", "user.go": "",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "sub", "overlay.json"), overlay, 0o666); err != nil {
		t.Fatal(err)
	}
	p.want("user ours\n", []string{"-overlay", "sub/overlay.json"}, "run", ".")
	p.env = append(p.env, "GOFLAGS=-overlay=sub/overlay.json")
	p.want("user ours\n", nil, "run", ".")
}
