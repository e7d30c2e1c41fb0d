package generate

import (
	"go/build/constraint"
	"testing"
)

func TestAdopt(t *testing.T) {
	for _, c := range []struct{ src, adopted, twin string }{
		{"package p\n", "//go:build !vimage\n\npackage p\n", "//go:build vimage\n\npackage p\n"},
		{
			"// Package p is.\npackage p\n",
			"//go:build !vimage\n\n// Package p is.\npackage p\n",
			"//go:build vimage\n\n// Package p is.\npackage p\n",
		},
		{"\ufeffpackage p\n", "\ufeff//go:build !vimage\n\npackage p\n", "//go:build vimage\n\npackage p\n"},
		{"// c\r\n\r\npackage p\r\n", "//go:build !vimage\r\n\r\n// c\r\n\r\npackage p\r\n", ""},
		{
			"// c\n\n//go:build linux\n\npackage p\n",
			"// c\n\n//go:build !vimage && linux\n\npackage p\n",
			"// c\n\n//go:build vimage && linux\n\npackage p\n",
		},
		{
			"//go:build linux && !cgo \n\npackage p\n",
			"//go:build !vimage && linux && !cgo \n\npackage p\n",
			"//go:build vimage && linux && !cgo\n\npackage p\n",
		},
		{
			"//go:build a || b\n\npackage p\n",
			"//go:build !vimage && (a || b)\n\npackage p\n",
			"//go:build vimage && (a || b)\n\npackage p\n",
		},
		{
			"//go:build (a || b)\n\npackage p\n",
			"//go:build !vimage && ((a || b))\n\npackage p\n",
			"//go:build vimage && ((a || b))\n\npackage p\n",
		},
		{
			"//go:build (a || b) && (c || d)\n\npackage p\n",
			"//go:build !vimage && ((a || b) && (c || d))\n\npackage p\n",
			"//go:build vimage && ((a || b) && (c || d))\n\npackage p\n",
		},
		{
			"//go:build !(a && b)\n// +build !a !b\n\npackage p\n",
			"//go:build !vimage && (!(a && b))\n// +build !vimage\n// +build !a !b\n\npackage p\n",
			"//go:build vimage && (!(a && b))\n\npackage p\n",
		},
		{
			"// +build a b\n// +build c\n\npackage p\n",
			"// +build !vimage\n// +build a b\n// +build c\n\npackage p\n",
			"//go:build vimage && ((a || b) && c)\n\n\npackage p\n",
		},
		{
			"// +build a\npackage p\n",
			"//go:build !vimage\n\n// +build a\npackage p\n",
			"//go:build vimage\n\n// +build a\npackage p\n",
		},
	} {
		got, err := Adopt([]byte(c.src))
		if err != nil || string(got) != c.adopted {
			t.Errorf("Adopt(%q) = %q, %v, want %q", c.src, got, err, c.adopted)
			continue
		}
		if ok, err := Adopted(got); !ok || err != nil {
			t.Errorf("Adopted(%q) = %v, %v", got, ok, err)
		}
		if again, err := Adopt(got); err != nil || string(again) != c.adopted {
			t.Errorf("Adopt of %q again: %q, %v", got, again, err)
		}
		if back, err := Release(got); err != nil || string(back) != c.src {
			t.Errorf("Release(%q) = %q, %v, want %q", got, back, err, c.src)
		}
		for _, src := range []string{c.src, c.adopted} {
			if twin, err := constrained([]byte(src)); c.twin != "" && (err != nil || string(twin) != c.twin) {
				t.Errorf("constrained(%q) = %q, %v, want %q", src, twin, err, c.twin)
			}
		}
	}
}

// TestAdoptMeaning evaluates constraints with and without the tag.
func TestAdoptMeaning(t *testing.T) {
	for _, x := range []string{
		"a", "!a", "a && b", "a || b", "(a) || b", "(a || b) && c", "!(a || b)", "a || b && c", "(a) && (b)", "a&&b", "a||b",
	} {
		src := "//go:build " + x + "\n\npackage p\n"
		adopted, err := Adopt([]byte(src))
		if err != nil {
			t.Fatal(err)
		}
		twin, err := constrained(adopted)
		if err != nil {
			t.Fatal(err)
		}
		for bits := range 16 {
			tags := map[string]bool{"a": bits&1 != 0, "b": bits&2 != 0, "c": bits&4 != 0, Tag: bits&8 != 0}
			eval := func(src []byte) bool {
				h, err := parseHeader(src)
				if err != nil {
					t.Fatal(err)
				}
				x, err := constraint.Parse("//go:build " + h.expression)
				if err != nil {
					t.Fatalf("%q: %v", src, err)
				}
				return x.Eval(func(tag string) bool { return tags[tag] })
			}
			plain := eval([]byte(src))
			if eval(adopted) != (plain && !tags[Tag]) || eval(twin) != (plain && tags[Tag]) {
				t.Errorf("%s with %v: plain %v, adopted %v, twin %v", x, tags, plain, eval(adopted), eval(twin))
			}
		}
	}
}
