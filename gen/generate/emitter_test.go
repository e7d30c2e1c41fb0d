package generate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/gen"
)

// TestEmitters has a second emitter make a file of each build.
func TestEmitters(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26.0\n\nrequire github.com/go-vimage/vimage v0.0.0\n\n" +
			"replace github.com/go-vimage/vimage => " + root + "\n",
		"lib.go": "package lib\n\nvar n int\n\n// Next counts.\nfunc Next() int { n++; return n }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	names := func(p *gen.Planned) ([]gen.File, error) {
		text := "package " + p.Packages[0].Name + "\n\n// Virtual says how many variables are.\nconst Virtual = "
		return []gen.File{
			{Name: "zz_vnet_names.go", Text: fmt.Appendln(nil, text, len(p.Packages[0].Vars))},
			{Name: "zz_vnet_names_plain.go", Text: fmt.Appendln(nil, text, 0), Plain: true},
		}, nil
	}
	req := Request{Dir: dir, Env: os.Environ(), Adopt: true, Configs: "linux/amd64", Emitters: []gen.Emitter{names}}
	res, err := Run(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(res, nil); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"zz_vnet_names.go":       "//go:build vimage\n\npackage lib\n\n// Virtual says how many variables are.\nconst Virtual = 1\n",
		"zz_vnet_names_plain.go": "//go:build !vimage\n\npackage lib\n\n// Virtual says how many variables are.\nconst Virtual = 0\n",
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.HasPrefix(string(text), headerLine+"\n"+want) || originOf(text) != ours {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	if res, err = Run(context.Background(), req); err != nil || !(&generator{res: res}).upToDate() {
		t.Errorf("the second run: %v, %v", res, err)
	}
	req.Emitters = append(req.Emitters, names)
	if _, err = Run(context.Background(), req); err == nil || !strings.Contains(err.Error(), "two emitters make this file") {
		t.Errorf("two that make the same file: %v", err)
	}
	req.Emitters = nil
	if res, err = Run(context.Background(), req); err != nil || len(res.Packages) != 1 || len(res.Packages[0].Changes) != 2 {
		t.Errorf("without the emitter: %v, %v", res, err)
	}
}
