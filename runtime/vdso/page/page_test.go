package page

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func tick() Schema {
	return Schema{Name: "tick", Version: "1.1", Vars: []Var{
		{"A", "uint64", "1.0"},
		{"B", "uint64", "1.0"},
		{"Flag", "bool", "1.0"},
		{"Table", "[3]uint16", "1.1"},
		{"Host", "string[10]", "1.1"},
	}}
}

// fill sets A to n and B to its complement.
func fill(n uint64) func([]byte) {
	return func(b []byte) {
		binary.NativeEndian.PutUint64(b, n)
		binary.NativeEndian.PutUint64(b[8:], ^n)
		PutBool(b[16:], n%2 == 1)
		for i := range 3 {
			binary.NativeEndian.PutUint16(b[24+2*i:], uint16(n)+uint16(i))
		}
		PutString(b[32:], 10, strings.Repeat("x", int(n%11)))
	}
}

// stubs are stubs for all of tick.
type stubs struct {
	r          *Reader
	a, b, flag Word
	ab         Pair
	all        Group
	newer      Word
	retyped    Word
	older      Group
}

func newStubs(r *Reader) *stubs {
	s := &stubs{r: r}
	v := tick().Vars
	r.Word(&s.a, v[0])
	r.Word(&s.b, v[1])
	r.Word(&s.flag, v[2])
	r.Pair(&s.ab, v[0], v[1])
	r.Group(&s.all, v...)
	r.Word(&s.newer, Var{"A", "uint64", "1.1"})
	r.Word(&s.retyped, Var{"A", "int64", "1.0"})
	r.Group(&s.older, v[0], Var{"C", "uint64", "1.0"})
	return s
}

// check reads everything. It reports whether there are values, which it
// compares with each other, and fails if some stubs have values and others have
// not.
func (s *stubs) check(t *testing.T) (n uint64, ok bool) {
	t.Helper()
	words := make([]uint64, 7)
	if s.all.Load(words) {
		n, ok = words[0], true
		b := Bytes(words[3:])
		if words[1] != ^n || Bool(words[2]) != (n%2 == 1) || binary.NativeEndian.Uint16(b[4:]) != uint16(n)+2 ||
			String(b[8:], 10) != strings.Repeat("x", int(n%11)) {
			t.Errorf("torn: %#x", words)
		}
	}
	if a, b, ok := s.ab.Load(); ok && a != ^b {
		t.Errorf("torn pair: %#x %#x", a, b)
	}
	return n, ok
}

func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

func needFiles(t testing.TB) {
	switch runtime.GOOS {
	case "linux", "darwin", "freebsd", "netbsd", "openbsd", "dragonfly":
	default:
		t.Skip("files cannot be mapped on this system")
	}
}

func create(t *testing.T, path string, s Schema, n uint64, opts ...Option) *Publisher {
	t.Helper()
	p, err := Create(path, s, fill(n), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func open(t *testing.T, path string) *stubs {
	s := newStubs(Open("tick", path))
	s.r.Start()
	t.Cleanup(s.r.Close)
	return s
}

// What is published is read, and a variable of another name, type or version is
// not found.
func TestValues(t *testing.T) {
	for _, kind := range []string{"heap", "file"} {
		t.Run(kind, func(t *testing.T) {
			var p *Publisher
			var s *stubs
			if kind == "heap" {
				var err error
				if p, err = Local(tick(), fill(1)); err != nil {
					t.Fatal(err)
				}
				defer p.Close()
				s = newStubs(p.Reader())
				defer s.r.Close()
				if err := s.r.Start(); err != nil {
					t.Fatal(err)
				}
			} else {
				needFiles(t)
				path := filepath.Join(t.TempDir(), "p")
				p = create(t, path, tick(), 1)
				s = open(t, path)
			}
			for n := uint64(1); n < 12; n++ {
				if got, ok := s.check(t); !ok || got != n {
					t.Errorf("group has %d, %v, want %d", got, ok, n)
				}
				if a, ok := s.a.Load(); !ok || a != n {
					t.Errorf("word has %d, %v, want %d", a, ok, n)
				}
				if f, ok := s.flag.Load(); !ok || Bool(f) != (n%2 == 1) {
					t.Errorf("flag is %v, %v", f, ok)
				}
				if err := p.Publish(fill(n + 1)); err != nil {
					t.Fatal(err)
				}
			}
			if _, ok := s.newer.Load(); ok {
				t.Error("found in a version that it has not")
			}
			if _, ok := s.retyped.Load(); ok {
				t.Error("found with a type that it has not")
			}
			if s.older.Load(make([]uint64, 2)) {
				t.Error("a group with an unknown variable was found")
			}
			if s.all.Load(make([]uint64, 6)) {
				t.Error("a group was read into a buffer of the wrong size")
			}
		})
	}
}

// A change that panics is not published, and does not stay in the values.
func TestPanic(t *testing.T) {
	p, err := Local(tick(), fill(1))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	s := newStubs(p.Reader())
	defer s.r.Close()
	s.r.Start()
	func() {
		defer func() { recover() }()
		p.Publish(func(b []byte) { b[0] = 9; panic("x") })
	}()
	p.Publish(func([]byte) {})
	if n, ok := s.check(t); n != 1 || !ok {
		t.Errorf("got %d, %v", n, ok)
	}
}

// Readers see no torn group while a publisher stores at full speed.
func TestRace(t *testing.T) {
	needFiles(t)
	path := filepath.Join(t.TempDir(), "p")
	file := create(t, path, tick(), 1)
	local, err := Local(tick(), fill(1))
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	mine := newStubs(local.Reader())
	defer mine.r.Close()
	mine.r.Start()
	for _, c := range []struct {
		p *Publisher
		s *stubs
	}{{file, open(t, path)}, {local, mine}} {
		var wg sync.WaitGroup
		stop := make(chan struct{})
		wg.Go(func() {
			for n := uint64(2); ; n++ {
				select {
				case <-stop:
					return
				default:
					c.p.Publish(fill(n))
				}
			}
		})
		reads, last := 0, uint64(0)
		for range 50_000 {
			if n, ok := c.s.check(t); ok {
				reads++
				if n < last {
					t.Fatalf("generation %d after %d", n, last)
				}
				last = n
			}
		}
		close(stop)
		wg.Wait()
		if reads == 0 {
			t.Error("all reads fell back")
		}
	}
}

// A closed publisher's page is detached from, and the next one's is attached
// to.
func TestRestart(t *testing.T) {
	needFiles(t)
	path := filepath.Join(t.TempDir(), "p")
	s := open(t, path)
	if _, ok := s.check(t); ok || !errors.Is(s.r.Err(), os.ErrNotExist) {
		t.Errorf("attached to nothing: %v", s.r.Err())
	}
	for n := uint64(1); n < 4; n++ {
		p := create(t, path, tick(), n, WithPeriod(100*time.Millisecond))
		wait(t, "attached", func() bool { got, ok := s.check(t); return ok && got == n })
		if n == 2 {
			staysAttached(t, p)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.r.Check(); err == nil {
			t.Error("attached to an abandoned page")
		}
		if _, ok := s.check(t); ok {
			t.Error("a value of an abandoned page")
		}
		if err := p.Publish(fill(0)); !errors.Is(err, ErrClosed) {
			t.Errorf("Publish: %v", err)
		}
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if len(left) != 1 || filepath.Base(left[0]) != ".p.lock" {
		t.Errorf("files are left: %v, want .p.lock", left)
	}
}

// staysAttached sees that the beat keeps a page attached for longer than a
// period.
func staysAttached(t *testing.T, p *Publisher) {
	t.Helper()
	s := open(t, p.where)
	time.Sleep(3 * p.period)
	if err := s.r.Check(); err != nil {
		t.Errorf("detached from a live page: %v", err)
	}
}

// A page that another file took the place of, with another layout, is left.
func TestNewLayout(t *testing.T) {
	needFiles(t)
	path := filepath.Join(t.TempDir(), "p")
	old := create(t, path, tick(), 1)
	s := open(t, path)
	words := make([]uint64, 2)
	if s.older.Load(words) {
		t.Error("found a variable that the page has not")
	}
	// As after the publisher was killed: the lock is free and the file there.
	if err := os.Remove(filepath.Join(filepath.Dir(path), ".p.lock")); err != nil {
		t.Fatal(err)
	}
	next := tick()
	next.Version = "1.2"
	next.Vars = append([]Var{{"C", "uint64", "1.0"}}, next.Vars...)
	p, err := Create(path, next, func(b []byte) { b[0] = 77; fill(5)(b[8:]) })
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	s.r.Check()
	if n, ok := s.check(t); !ok || n != 5 {
		t.Errorf("group has %d, %v", n, ok)
	}
	if !s.older.Load(words) || words[0] != 5 {
		t.Errorf("the new variable's group has %v", words)
	}
	if old.mem.header("vimage_abandoned") == 0 {
		t.Error("the old page was not marked")
	}
}

func TestTwoPublishers(t *testing.T) {
	needFiles(t)
	path := filepath.Join(t.TempDir(), "p")
	create(t, path, tick(), 1)
	if _, err := Create(path, tick(), fill(2)); !errors.Is(err, ErrPublished) {
		t.Errorf("error %v", err)
	}
	if n, ok := open(t, path).check(t); !ok || n != 1 {
		t.Errorf("got %d, %v", n, ok)
	}
}

func TestSchemaRefuses(t *testing.T) {
	for name, change := range map[string]func(*Schema){
		"version of a variable": func(s *Schema) { s.Vars[0].Version = "1.2" },
		"bad version":           func(s *Schema) { s.Version = "1.x" },
		"bad name":              func(s *Schema) { s.Name = "a b" },
		"hands":                 func(s *Schema) { s.Vars[0].Name = "_hands" },
		"twice":                 func(s *Schema) { s.Vars[0].Name = "B" },
		"word size":             func(s *Schema) { s.Vars[0].Type = "int" },
		"empty array":           func(s *Schema) { s.Vars[0].Type = "[0]int8" },
		"too large":             func(s *Schema) { s.Vars[0].Type = "[1000000]int64" },
		"array of strings":      func(s *Schema) { s.Vars[0].Type = "[2]string" },
		"nothing":               func(s *Schema) { s.Vars = nil },
	} {
		s := tick()
		change(&s)
		if _, err := Local(s, func([]byte) {}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestCompareVersions(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"1.2", "1.10", -1}, {"2", "1.9", 1}, {"1.0", "1.0", 0}, {"1", "1.0", 0}} {
		if got := CompareVersions(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestABI(t *testing.T) {
	got, err := ParseABI(tick().ABI())
	if err != nil || got.ABI() != tick().ABI() {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestString(t *testing.T) {
	b := heap(24)
	if !PutString(b, 10, "0123456789") || String(b, 10) != "0123456789" {
		t.Errorf("got %q", String(b, 10))
	}
	if PutString(b, 10, "0123456789x") || String(b, 10) != "0123456789" {
		t.Errorf("a long string became %q", String(b, 10))
	}
	b[16] = 200 // hostile
	if got := String(b, 10); len(got) != 10 {
		t.Errorf("got %q", got)
	}
}
