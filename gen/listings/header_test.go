package listings_test

import (
	"testing"

	"github.com/go-vimage/vimage/gen/listings"
)

func TestHeader(t *testing.T) {
	for text, want := range map[string]string{
		"//go:build a\n\n// P is.\npackage p // one\n\nvar x int\n":          "//go:build a\n\n// P is.\npackage p",
		"package p\nimport \"a\"\nimport (\n\"b\"\n)\nvar import_ = \"c\"\n": "package p\nimport \"a\"\nimport (\n\"b\"\n)",
		"package p; import `a`; func f() { a.F( }":                           "package p; import `a`",
		"package p\nimport _ `embed`\n//go:embed a\nvar x string\n":          "package p\nimport _ `embed`\n//go:embed a\nvar x string\n",
		"package p\n// #include <a.h>\nimport \"C\"\nvar x int\n":            "package p\n// #include <a.h>\nimport \"C\"\nvar x int\n",
		"package p\nimport \"a\nvar x int\n":                                 "package p\nimport \"a\nvar x int\n",
		"pakage p\nvar x int\n":                                              "pakage p\nvar x int\n",
	} {
		if got := string(listings.Header([]byte(text))); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
