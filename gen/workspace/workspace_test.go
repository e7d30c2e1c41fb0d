package workspace_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/internal/testenv"
)

// uuidProgram prints where a function of a copied module stands, and a word
// from each place.
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
-- want/goroot/src/container/list/added.go --
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
	if err := new(testenv.Machine).Lacks("race"); err != nil {
		t.Log("without -race:", err)
	} else {
		p.want(full, []string{"-race"}, "run", ".")
	}
	p.want(full, []string{"-cover"}, "run", ".")
	p.want(trimmed, []string{"-trimpath"}, "run", ".")
	p.env = append(p.env, "GOFLAGS=-mod=mod -trimpath")
	p.want(trimmed, nil, "run", ".")
}

// TestSecondBuild demands that unchanged input builds nothing again.
func TestSecondBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
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
	if testing.Short() {
		t.Skip("builds programs")
	}
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
	if testing.Short() {
		t.Skip("builds programs")
	}
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
