package overlayembed

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// The compiler is handed the authors' files, and no generated ones.
func TestRewrite(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	write(t, at("p/a.go"), "a")
	write(t, at("q/a.go"), "a")
	write(t, at("r/b.go"), "b")
	write(t, at("s/b.go"), "other b")
	write(t, at("mod/x.go"), "x")
	cfg, err := json.Marshal(Config{
		Overlay: map[string][]File{
			at("store/a.go"):       {{at("p/a.go"), at("p/a.go")}, {at("q/a.go"), at("q/a.go")}},
			at("store/b.go"):       {{at("r/b.go"), at("r/b.go")}, {at("s/b.go"), at("s/b.go")}},
			at("store/zz_vnet.go"): {{at("p/zz_vnet.go"), ""}},
		},
		Copies: map[string]string{at("copy"): at("mod")},
	})
	if err != nil {
		t.Fatal(err)
	}
	config := write(t, at("embed.json"), string(cfg))
	embed := func(l list) (list, error) {
		text, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		file := write(t, at("embedcfg"), string(text))
		if err := rewrite(config, file); err != nil {
			return list{}, err
		}
		var out list
		return out, readJSON(file, &out)
	}
	got, err := embed(list{
		Patterns: map[string][]string{"*.go": {"a.go", "zz_vnet.go"}, "copied": {"x.go", "zz_vnet_types.go"}, "d": {"d/data"}},
		Files: map[string]string{
			"a.go": at("store/a.go"), "zz_vnet.go": at("store/zz_vnet.go"), "d/data": at("p/d/data"),
			"x.go": at("copy/x.go"), "zz_vnet_types.go": at("copy/zz_vnet_types.go"),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string][]string{"*.go": {"a.go"}, "copied": {"x.go"}, "d": {"d/data"}}; !reflect.DeepEqual(got.Patterns, want) {
		t.Errorf("got patterns %v, want %v", got.Patterns, want)
	}
	if want := map[string]string{"a.go": at("p/a.go"), "d/data": at("p/d/data"), "x.go": at("mod/x.go")}; !reflect.DeepEqual(got.Files, want) {
		t.Errorf("got files %v, want %v", got.Files, want)
	}
	// Two texts that have become one.
	if _, err := embed(list{Files: map[string]string{"b.go": at("store/b.go")}}); err == nil {
		t.Error("no error for a file that may be either of two")
	}
}

// The list is found on the compiler's command line, and in a file that has the
// command line.
func TestEmbedcfg(t *testing.T) {
	args := write(t, filepath.Join(t.TempDir(), "args"), "-p\nmain\n-embedcfg\n/tmp/a b\\\\c\n")
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"/go/tool/compile", "-o", "x", "-embedcfg", "/tmp/e", "a.go"}, "/tmp/e"},
		{[]string{"wrapper", "/go/tool/compile.exe", "-embedcfg=/tmp/e"}, "/tmp/e"},
		{[]string{"/go/tool/compile", "@" + args}, `/tmp/a b\c`},
		{[]string{"/go/tool/compile", "-V=full"}, ""},
		{[]string{"/go/tool/asm", "-embedcfg", "/tmp/e"}, ""},
	} {
		if got := embedcfg(test.args); got != test.want {
			t.Errorf("%q: got %q, want %q", test.args, got, test.want)
		}
	}
}
