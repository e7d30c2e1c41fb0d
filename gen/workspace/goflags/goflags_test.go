package goflags

import (
	"strings"
	"testing"
)

// TestParse writes a line's kinds as a letter for each word: f, p or r.
func TestParse(t *testing.T) {
	for _, test := range []struct{ verb, args, want string }{
		{"build", "-o x -v ./a ./b", "f f p p"},
		{"build", "--o=x -tags a,b .", "f f p"},
		{"build", "-ldflags -X=a.b=c -- . -v", "f p p"},
		{"build", ". -v", "p p"},
		{"build", "-run X .", "flag provided but not defined: -run"},
		{"build", "-o", "flag needs an argument: -o"},
		{"build", "---v", "bad flag syntax: ---v"},
		{"build", "-h", "help requested"},
		{"run", "-race . -v x", "f p r r"},
		{"run", "-exec e a.go b.go c", "f p p r"},
		{"run", "-n 3 -prefix . -n", "f f p r"},
		{"test", "-run X ./a ./b -v -zz=1 y z", "f p p f r r r"},
		{"test", "./a -custom 5 -v", "p r r f"},
		{"test", "./a -custom=5 6 -v", "p r r r"},
		{"test", "-custom 5 ./a", "r r r"},
		{"test", "-count=1 . -args -v -run X", "f p r r r r"},
		{"test", "-test.run X -test.v . -- -v", "f f p r r"},
		{"test", "-c -o x .", "f f p"},
	} {
		line, err := Parse(test.verb, strings.Fields(test.args), map[string]bool{"n": false, "prefix": true})
		got := ""
		if err != nil {
			got = err.Error()
		}
		for _, w := range line {
			got += " " + string("fpr"[w.Kind])
		}
		if got = strings.TrimSpace(got); got != test.want {
			t.Errorf("%s %s: got %q, want %q", test.verb, test.args, got, test.want)
		}
		if test.verb != "build" && err == nil && strings.Join(line.Strings(), " ") != test.args {
			t.Errorf("%s %s: comes out as %q", test.verb, test.args, line.Strings())
		}
	}
}

func TestLast(t *testing.T) {
	line := append(Env(`-tags=a '-ldflags=-X=a.b=c d' -race`), Words([]string{"-tags", "b", "--race=false", "-run=x"})...)
	if v, ok := line.Last("tags"); v != "b" || !ok {
		t.Errorf("tags: %q, %v", v, ok)
	}
	if v, _ := line.Last("ldflags"); v != "-X=a.b=c d" {
		t.Errorf("ldflags: %q", v)
	}
	if line.Bool("race") || line.Bool("v") {
		t.Error("race or v is true")
	}
	if _, ok := line.Without("tags").Last("tags"); ok {
		t.Error("tags is still there")
	}
}

func TestSplitJoin(t *testing.T) {
	for _, words := range [][]string{nil, {"a"}, {"a b", "c"}, {"it's"}, {`"x" y`, ""}, {"a\tb"}} {
		s, err := Join(words)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Split(s)
		if err != nil || strings.Join(got, "|") != strings.Join(words, "|") || len(got) != len(words) {
			t.Errorf("%q: by way of %q, got %q, %v", words, s, got, err)
		}
	}
	if _, err := Join([]string{`'"`}); err == nil {
		t.Error("joined what cannot be written")
	}
	if _, err := Split(`a 'b`); err == nil {
		t.Error("split an unterminated string")
	}
}
