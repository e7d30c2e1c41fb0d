package verdicts_test

import (
	"bytes"
	"context"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/report"
	"github.com/go-vimage/vimage/gen/verdicts"
)

// A memory is a store that counts.
type memory struct {
	data  map[string][]byte
	found int
}

func (m *memory) Kept(key string) []byte {
	data := m.data[key]
	if data != nil {
		m.found++
	}
	return data
}

func (m *memory) Keep(key string, data []byte) { m.data[key] = data }

// program has constants in all places where the proof, or a type, may depend on
// them, and where they do not matter.
const program = `package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
)

const (
	name = "vimage"
	size = 4
	room = 1
	kind = 24
)

const limit = 3

type point struct{ x, y int }

type (
	one struct{ s string }
	two struct{ s string }
)

var (
	parts    [size]*point
	full     = []int{1, 2, 3}
	exact    = []int{4, 5, 6}
	table    = [...]string{2: "two", 0: "zero"}
	sentinel = errors.New("sold out")
	wrapped  = fmt.Errorf("no %s: %w", name, sentinel)
	origin   = &point{1, 2}
	counts   = map[string]int{"a": 1}
	kept     = &one{"a"}
	held     = &two{"b"}
	shown    = strings.Repeat("-", limit)
)

// set replaces what v refers to if it is a string.
func set(v reflect.Value) {
	if v.Kind() == 24 {
		v.SetZero()
	}
}

// setConst does the same.
func setConst(v reflect.Value) {
	if v.Kind() == kind {
		v.SetZero()
	}
}

func main() {
	if len(os.Args) > 5 {
		set(reflect.ValueOf(kept).Elem())
		setConst(reflect.ValueOf(held).Elem())
		os.Exit(7)
	}
	_ = append(full[:1:1], 1)
	_ = append(exact[:room:1], 1)
	s := "local"
	s += "more"
	fmt.Println(s, table, wrapped, *origin, counts["a"], shown, parts[0] == nil)
}
`

// TestEdits changes each literal of the program in several ways. Those that
// leave the canonical form as it is must leave the plan as it is, together.
func TestEdits(t *testing.T) {
	if testing.Short() {
		t.Skip("proves a program for each edit")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	write(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.26\n")
	store := &memory{data: map[string][]byte{}}
	write(t, file, program)
	if _, err := planned(dir, store); err != nil {
		t.Fatal(err)
	}
	form := verdicts.Form(t, program)
	tried := edits(program)
	var free [2][]edit // of each literal the first and the last edit
	found := 0
	for _, e := range tried {
		if verdicts.Form(t, e.in(program)) != form {
			continue
		}
		found++
		if n := len(free[0]); n == 0 || free[0][n-1].at != e.at {
			free[0], free[1] = append(free[0], e), append(free[1], e)
		}
		free[1][len(free[1])-1] = e
	}
	t.Logf("%d edits, %d of them without effect on the form", len(tried), found)
	if len(tried) < 80 || found < 30 || found > len(tried)*2/3 {
		t.Errorf("%d edits, %d of them without effect on the form", len(tried), found)
	}
	for _, list := range free {
		text := program
		for _, e := range slices.Backward(list) {
			text = e.in(text)
		}
		write(t, file, text)
		store.found = 0
		got, err := planned(dir, store)
		if err != nil || store.found == 0 {
			t.Fatal(store.found, err)
		}
		if want, err := planned(dir, nil); err != nil || got != want {
			t.Errorf("from the store, and from scratch (%v):\n%s\n%s\n%s", err, got, want, text)
		}
	}
}

// An edit is a literal and what takes its place.
type edit struct {
	at       int
	old, new string
}

func (e edit) in(src string) string { return src[:e.at] + e.new + src[e.at+len(e.old):] }

// edits returns a program's literals, each with other values.
func edits(src string) (out []edit) {
	fset := token.NewFileSet()
	at := fset.AddFile("main.go", -1, len(src))
	var s scanner.Scanner
	s.Init(at, []byte(src), nil, 0)
	for {
		pos, tok, lit := s.Scan()
		var other []string
		switch tok {
		case token.EOF:
			return out
		case token.STRING:
			other = []string{`"VirtualProtect"`, `""`}
		case token.INT:
			other = []string{"0", "1", "2", "3", "22", "25"}
		}
		for _, o := range other {
			if o != lit {
				out = append(out, edit{at.Offset(pos), lit, o})
			}
		}
	}
}

// TestPlaces moves what the result refers to, and looks where it is then.
func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	write(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.26\n")
	store := &memory{data: map[string][]byte{}}
	write(t, file, program)
	if _, err := planned(dir, store); err != nil {
		t.Fatal(err)
	}
	moved := strings.ReplaceAll(program, "\n\n", "\n\n// A comment.\n\n\n")
	moved = strings.ReplaceAll(moved, `"local"`, `"a longer text"`)
	moved = strings.ReplaceAll(moved, "(v reflect.Value)", "(value reflect.Value)")
	moved = strings.ReplaceAll(moved, "v.", "value.")
	write(t, file, moved)
	got, err := planned(dir, store)
	if err != nil || store.found != 1 {
		t.Fatal(store.found, err)
	}
	want, err := planned(dir, nil)
	if err != nil || got != want || !strings.Contains(got, "virtual") {
		t.Errorf("from the store, and from scratch (%v):\n%s\n%s", err, got, want)
	}
}

// TestDamaged has a store that returns what nobody has kept.
func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.26\n")
	write(t, filepath.Join(dir, "main.go"), "package main\n\nvar n int\n\nfunc main() { n++; println(n) }\n")
	store := &memory{data: map[string][]byte{}}
	want, err := planned(dir, store)
	if err != nil {
		t.Fatal(err)
	}
	for key, whole := range store.data {
		for i := range whole {
			damaged := bytes.Clone(whole)
			damaged[i] ^= 0x55
			_ = verdicts.Decodes(damaged) // must not panic
		}
		for _, data := range [][]byte{{}, {1}, whole[:len(whole)/2]} {
			store.data[key] = data
			if got, err := planned(dir, store); err != nil || got != want {
				t.Errorf("with %d bytes of %d: %v\n%s", len(data), len(whole), err, got)
			}
		}
	}
}

func planned(dir string, store verdicts.Store) (string, error) {
	p, err := gen.Analyze(context.Background(), gen.Request{
		Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS="), Patterns: []string{"."}, Slot: "g", Verdicts: store,
	})
	if err != nil {
		return "", err
	}
	return spell(p)
}

func spell(p *plan.Plan) (string, error) {
	var b bytes.Buffer
	err := report.WriteText(&b, report.New(p, report.Options{}), func(path string) string { return path })
	return b.String(), err
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
