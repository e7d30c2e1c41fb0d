package alias

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMutants has the model explore the package, in a copy with the hooks that
// it needs; then it breaks the protocol in one place after the other, and has
// the model find each.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: each mutant is a build of the package and a run of its model")
	}
	for name, m := range map[string]struct{ model, file, old, new string }{
		"none": {model: ".*"},
		"no second read of the link": {
			"unload_top", "group.go", "if k.to.Load() == l {", "if true {",
		},
		"entrances summed before exits": {
			"unload_top", "unload.go",
			"exits := m.exited()\n\t\tk.at(m, StepExits)\n\t\tentries := m.entered()\n",
			"entries := m.entered()\n\t\tk.at(m, StepExits)\n\t\texits := m.exited()\n",
		},
		"Fini before relinking": {
			"unload_top", "unload.go", "\tk.mu.Lock()\n\tk.link(m, StepRelink, true)\n\tk.mu.Unlock()\n",
			"\tdefer func() { k.mu.Lock(); k.link(m, StepRelink, true); k.forgetLinked(m); k.mu.Unlock() }()\n",
		},
		"no wait": {
			"unload_top", "unload.go", "if exits == entries {", "if true {",
		},
		"back on top instead of in its place": {
			"refused_middle", "linker.go", "\t\tl.out = out\n",
			"\t\tl.out = out\n\t\tif !out { l.Group.remove(l); l.Group.stack = append(l.Group.stack, place{l}) }\n",
		},
		"a fresh super link after a roll-back": {
			"given_up,_then_one_below", "linker.go", "\t\tl.out = out\n",
			"\t\tif step == StepRestore {\n" +
				"\t\t\tc := &Layer{Group: l.Group, module: l.module, hook: l.hook}\n" +
				"\t\t\tc.Super.hook = k.hook\n" +
				"\t\t\tfor i, p := range l.Group.stack { if p[0] == l { l.Group.stack[i] = place{c} } }\n" +
				"\t\t\tm.Layers, l = append([]*Layer{c}, m.Layers...), c\n\t\t}\n\t\tl.out = out\n",
		},
		"a replacement that covers what it replaces": {
			"replace_refused", "replace.go", "g.stack[i] = append(g.stack[i], l)",
			"g.stack = slices.Insert(g.stack, i+1, place{l})",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			files, err := filepath.Glob("*.go")
			if err != nil {
				t.Fatal(err)
			}
			found := m.file == ""
			for _, f := range files {
				text, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				if f == m.file {
					if strings.Count(string(text), m.old) != 1 {
						t.Fatalf("%s has %d places for %q", f, strings.Count(string(text), m.old), m.old)
					}
					text, found = []byte(strings.Replace(string(text), m.old, m.new, 1)), true
				}
				if strings.HasSuffix(f, "_test.go") && f != "model_test.go" {
					continue
				}
				if err := os.WriteFile(filepath.Join(dir, f), text, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if !found {
				t.Fatalf("no file %s", m.file)
			}
			helper := "package alias\n\nfunc (k *Linker) forgetLinked(m *Module) {\n" +
				"\tfor _, l := range m.Layers {\n\t\tl.Group.remove(l)\n\t\tl.Group.relink()\n\t}\n}\n"
			for file, text := range map[string]string{"mutant.go": helper, "go.mod": "module mutant\n\ngo 1.26\n"} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command("go", "test", "-tags", "vimage_steps", "-run", "TestModel/"+m.model+"$", ".")
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
			out, err := cmd.CombinedOutput()
			if m.file == "" {
				if err != nil {
					t.Errorf("%v\n%s", err, out)
				}
				return
			}
			if err == nil {
				t.Errorf("the model did not find it:\n%s", out)
			} else if !strings.Contains(string(out), "--- FAIL: TestModel/") {
				t.Errorf("%v\n%s", err, out)
			}
			t.Logf("%.400s", out)
		})
	}
}
