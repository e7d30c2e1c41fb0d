package debug

import "testing"

func TestModules(t *testing.T) {
	m := modules{"example.com/shop": true, "gopkg.in/yaml.v3": false, "example.com/shop/tools": false, "short": true}
	for path, want := range map[string]struct {
		module string
		own    bool
	}{
		"example.com/shop":            {"example.com/shop", true},
		"example.com/shop/internal/x": {"example.com/shop", true},
		"example.com/shop/tools/y":    {"example.com/shop/tools", false},
		"example.com/shopping":        {"", false},
		"gopkg.in/yaml.v3":            {"gopkg.in/yaml.v3", false},
		"short/z":                     {"short", true},
		"net/http":                    {"", false},
		"main":                        {"", true},
	} {
		if module, own := m.of(path); module != want.module || own != want.own {
			t.Errorf("%s: %s, %t", path, module, own)
		}
	}
	for function, want := range map[string]bool{
		"main.main":                                     false,
		"example.com/shop/x.(*T).f.func1":               false,
		"gopkg.in/yaml%2ev3.Unmarshal":                  false,
		"short.f":                                       false,
		"runtime.mallocgc":                              true,
		"net/http.(*Server).Serve":                      true,
		"slices.Sort[go.shape.struct { a/b.X int }]":    true,
		"example.com/shop.F[go.shape.*net/http.Server]": false,
	} {
		if m.std(function) != want {
			t.Errorf("std(%s) is not %t", function, want)
		}
	}
}
