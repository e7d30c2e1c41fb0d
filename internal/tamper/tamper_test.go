package tamper

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const victim = `package victim

import (
	"errors"
	"strings"
)

type pair struct {
	name  string
	count int
}

var (
	first  = number("first")
	second = number("second")
)

var limits = []int{1, 20, 300}

var ErrLimit = errors.New("limit")

var calls int

func number(s string) int { calls++; return calls * len(s) }

func (p *pair) add(n int) { p.count = p.count + n }

func (p *pair) sub(n int) { p.count = p.count - n }

func Check(name string, n int) error {
	p := pair{name: name}
	p.add(n)
	if p.count-limits[2] > first-second {
		return ErrLimit
	}
	if strings.HasPrefix(p.name, "no") {
		calls = 0
		p.sub(17)
	}
	return nil
}

func Generic[T any](list []T) int { return len(list) - 1 }

func Ints(list []int) int { return Generic(list) }
`

// TestTamper makes all that can be made of each kind in one small package.
func TestTamper(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/victim\n\ngo 1.26\n", "victim.go": victim} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	packages, err := Load(ctx, dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(packages, func(p *Package) bool { return p.Path == "example.com/victim" })
	found := map[Kind]int{}
	err = Run(ctx, packages[i:i+1], 1, 3, func(o Outcome) {
		switch o.Verdict {
		case Found:
			found[o.Kind]++
		case NoEffect:
			t.Logf("no effect: %s", o)
		default:
			t.Errorf("%s: %s: %q", o.Verdict, o.Mutation, o.Symbols)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Kinds() {
		if found[k] == 0 {
			t.Errorf("no %s", k)
		}
	}
	t.Log(found)
}
