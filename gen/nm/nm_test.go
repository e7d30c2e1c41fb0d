package nm

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/objects"
	"github.com/go-vimage/vimage/gen/rewrite"
	"github.com/go-vimage/vimage/gen/workspace"
)

// TestHidden hides a variable from the plan, as a fault of the analysis would:
// its symbol gives it away. So does one that the plan has in a container and
// that the rewriting left where it was.
func TestHidden(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n",
		"m.go":   "package m\n\nvar seen, hidden = 1, 2\n\nfunc F() { seen++; hidden++ }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ctx, env := context.Background(), append(os.Environ(), "PWD="+dir, "GOFLAGS=", "GOWORK=off")
	p, err := gen.Analyze(ctx, gen.Request{Dir: dir, Env: env, Patterns: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := workspace.Open(ctx, workspace.Config{Dir: dir, Env: env})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	look := func(build rewrite.Build) map[string]Class {
		a := &Accountant{Plan: p, Build: build, Rel: filepath.Base}
		r, err := Objects(ctx, a, w, objects.Config{Dir: dir, Env: env}, false, []string{"."})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]Class{}
		for _, s := range r.Symbols {
			got[s.Name] = s.Class
		}
		return got
	}
	if got := look("plain"); got["seen"] != Virtual || got["hidden"] != Virtual {
		t.Errorf("plain: %v", got)
	}
	if got := look(rewrite.Vimage); got["seen"] != Unaccounted {
		t.Errorf("what should be in a container passes: %v", got)
	}
	delete(p.Packages["example.com/m"].Vars, "hidden")
	if got := look("plain"); got["seen"] != Virtual || got["hidden"] != Unaccounted {
		t.Errorf("hidden: %v", got)
	}
}
