package writecheck

import (
	"bytes"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	const doc = `{"version": 1, "variables": [
		{"package": "p", "name": "b", "kind": "go", "fate": "shared", "reason": "never written"},
		{"package": "p", "name": "a", "kind": "go", "fate": "FATE", "reason": "why"},
		{"package": "p", "name": "c", "kind": "go", "fate": "virtual", "reason": "why not"},
		{"package": "p", "name": "gone", "kind": "go", "fate": "shared", "reason": "never used"},
		{"package": "p", "name": "inC", "kind": "c", "fate": "refused", "reason": "C"}]}`
	write := Write{Kind: Store, Depth: 2, Via: "q.x", Bytes: 16, Off: 8, Stack: []Frame{{"p.f", "/src/p/f.go", 7}, {"runtime.main", "/go/proc.go", 1}}}
	seen := &Seen{Writes: map[Name][]Write{{"p", "a"}: {write, write}, {"p", "b"}: nil, {"p", "c"}: nil}}
	for fate, want := range map[string]string{
		"virtual": "soundness: 0 of 1 shared variables written; precision: 50.0 % (shared 1 of 2 never written)\n",
		"shared": `prog: p.a is called shared, yet it is written
	reason given: why
	stored at 8 of 16 bytes, 2 pointers away via q.x
		p.f p/f.go:7
	and 1 more
soundness: 1 of 2 shared variables written; precision: 50.0 % (shared 1 of 2 never written)
`,
	} {
		verdicts, err := ReadVerdicts(strings.NewReader(strings.Replace(doc, "FATE", fate, 1)))
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		all := Outcomes(verdicts, seen)
		Violations(&got, "prog", all, 1)
		got.WriteString(Count(all).String() + "\n")
		if got.String() != want {
			t.Errorf("a is %s: got\n%swant\n%s", fate, got.String(), want)
		}
	}
}

func TestReadVerdicts(t *testing.T) {
	for doc, want := range map[string]string{
		`{"version": 2}`: "verdicts: version 2, not 1",
		`no`:             "verdicts: invalid character 'o' in literal null (expecting 'u')",
		`{"version": 1, "variables": [{"package": "p", "name": "x", "fate": "good"}]}`: `verdicts: p.x has the unknown fate "good"`,
	} {
		if _, err := ReadVerdicts(strings.NewReader(doc)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", doc, err, want)
		}
	}
}

func TestSymbolName(t *testing.T) {
	for _, c := range [][3]string{
		{"gopkg.in/yaml.v3", "x", "gopkg.in/yaml%2ev3.x"},
		{"example.com/é", "x", "example.com/%c3%a9.x"},
		{"p", "é", "p.é"},
	} {
		if got := symbolName(Name{c[0], c[1]}); got != c[2] {
			t.Errorf("%s.%s: got %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// TestApply checks that an edit whose place a Go release does not have is an
// error, not silence.
func TestApply(t *testing.T) {
	const src = "package p\n\nfunc f() {\n\tg()\n\tg()\n}\n\nfunc h()\n"
	for _, c := range []struct {
		e         edit
		got, fail string
	}{
		{edit{"p.go", "f", "", "w()"}, "package p\n\nfunc f() { w();\n\tg()\n\tg()\n}\n\nfunc h()\n", ""},
		{edit{"p.go", "h", "", "w()"}, "package p\n\nfunc f() {\n\tg()\n\tg()\n}\n\nfunc h() { w() }\n", ""},
		{edit{"p.go", "f", "g()", "w()"}, "", `p.go: in this Go release function f does not have "g()" once`},
		{edit{"p.go", "k", "", "w()"}, "", "p.go: this Go release has no function k"},
		{edit{"p.go", "", "package q", "w()"}, "", `p.go: this Go release does not have "package q" once`},
	} {
		got, err := apply("p.go", []byte(src), []edit{c.e})
		if c.fail != "" && (err == nil || err.Error() != c.fail) || c.fail == "" && string(got) != c.got {
			t.Errorf("%v: got %q, %v", c.e, got, err)
		}
	}
}
