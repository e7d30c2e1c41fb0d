package cli

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var (
	seriesDir  = flag.String("series.dir", "", "module to edit instead of the test's own; `folder` of its program")
	seriesSeed = flag.Uint64("series.seed", 1, "`seed` of the edits")
	seriesN    = flag.Int("series.n", 6, "`number` of edits")
)

// seriesVerbs are command lines whose results hold more than files: lines that
// name places, and reasons.
var seriesVerbs = [][]string{{"run", "-n=2", "."}, {"test", "-isolate=test", "./..."}}

// TestSeries edits a program again and again, at random. After each edit, what
// is made with the cache of all edits before equals what is made with an empty
// one: files, lines and reasons.
func TestSeries(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program for each edit")
	}
	for _, args := range seriesVerbs {
		t.Run(args[0], func(t *testing.T) {
			s := newSeries(t, args)
			s.equal("nothing") // the cache is filled
			first, told := s.texts(), 0
			for n := range *seriesN {
				before := s.texts()
				what := s.edit(n)
				if !s.builds() {
					s.restore(before)
					continue
				}
				if !s.equal(what) {
					s.restore(before)
				}
				if s.edited {
					told++
				}
			}
			t.Logf("%d results were told from another program's", told)
			if *seriesDir == "" { // where the edits are drawn, no result need be
				s.restore(first)
				path := filepath.Join(s.dir, "main.go")
				s.write(path, strings.Replace(first[path], `"first"`, `"the first"`, 1))
				if s.equal("a string"); !s.edited {
					t.Error("the result after an edit of a string was not told from another program's")
				}
			}
		})
	}
}

// TestSeriesLines moves all lines of each file: what names them is made anew.
func TestSeriesLines(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program for each edit")
	}
	s := newSeries(t, []string{"build", "."})
	s.equal("nothing")
	told := 0
	for path, text := range s.texts() {
		name, rest, _ := strings.Cut(text, "\n\n")
		s.write(path, name+"\n\n// A line.\n\n"+rest)
		s.equal("a line in " + path)
		if s.edited {
			told++
		}
		s.write(path, text)
	}
	if *seriesDir == "" && told != 1 { // lib.go: main.go has a function whose line images name, and tests have no part
		t.Errorf("%d results were told from another program's", told)
	}
}

// TestSeriesDamage damages each entry of the cache.
func TestSeriesDamage(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program for each edit")
	}
	if *seriesDir != "" {
		t.Skip("the edit is of the test's own program")
	}
	s := newSeries(t, []string{"build", "."})
	s.equal("nothing")
	path := filepath.Join(s.dir, "main.go")
	text := s.texts()[path]
	s.write(path, strings.Replace(text, `"first"`, `"the first"`, 1))
	entries, err := filepath.Glob(filepath.Join(s.cache, "result", "*", "data"))
	if err != nil || len(entries) < 4 { // the proof's, what was made, free literals, the base
		t.Fatal(entries, err)
	}
	whole := map[string][]byte{}
	for _, path := range entries {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		whole[path] = data
	}
	want := s.make(s.cache)
	if !s.edited {
		t.Fatal("the edit matters")
	}
	for i, path := range entries {
		other := entries[(i+1)%len(entries)]
		flipped := bytes.Clone(whole[path])
		flipped[len(flipped)/3] ^= 4
		for name, data := range map[string][]byte{
			"truncated": whole[path][:len(whole[path])/2], "flipped": flipped, "foreign": whole[other],
		} {
			for path, data := range whole {
				overwrite(t, path, data)
			}
			overwrite(t, path, data)
			got := s.make(s.cache)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("entry %d %s: another result", i, name)
			}
		}
	}
}

func overwrite(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	os.Remove(path)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// A series is a program that is edited.
type series struct {
	t      *testing.T
	dir    string
	cache  string
	args   []string
	rand   *rand.Rand
	edited bool // the last result was told from another program's
}

func newSeries(t *testing.T, args []string) *series {
	t.Helper()
	s := &series{t: t, dir: t.TempDir(), cache: t.TempDir(), args: args, rand: rand.New(rand.NewPCG(*seriesSeed, 0))}
	if *seriesDir != "" {
		if err := os.CopyFS(s.dir, os.DirFS(*seriesDir)); err != nil {
			t.Fatal(err)
		}
		return s
	}
	a, err := txtar.ParseFile("testdata/series.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if err := txtar.Write(a, s.dir); err != nil {
		t.Fatal(err)
	}
	return s
}

// make returns what the command makes of the program, nil if that is refused.
func (s *series) make(cache string) *made {
	s.t.Helper()
	tool := &tool{
		self: os.Args[0], dir: s.dir, id: func() (string, error) { return "test", nil },
		env: append(os.Environ(), "VIMAGECACHE="+cache, "GOWORK=off", "GOFLAGS="),
	}
	ctx := context.Background()
	c, err := parseCommand(s.args[0], s.dir, tool.env, s.args[1:])
	if err != nil {
		s.t.Fatal(err)
	}
	if err := tool.enter(ctx, c); err != nil {
		s.t.Fatal(err)
	}
	m, kept, err := tool.generate(ctx, c, startProgress(os.Stderr, true))
	if err != nil {
		s.t.Logf("refused: %v", err)
		return nil
	}
	kept()
	s.edited = m.edited != nil
	m.edited = nil
	return m
}

// equal compares both results after an edit. It reports false if there are
// none.
func (s *series) equal(what string) bool {
	s.t.Helper()
	s.edited = false
	fresh := s.make(s.t.TempDir())
	if s.edited {
		s.t.Fatal("an empty cache has a result")
	}
	got := s.make(s.cache)
	if !reflect.DeepEqual(got, fresh) {
		s.t.Fatalf("after %s, with the cache and without:\n%s", what, differences(got, fresh))
	}
	s.t.Logf("%s; told from another program's: %t", what, s.edited)
	return got != nil
}

func differences(a, b *made) string {
	if a == nil || b == nil {
		return fmt.Sprintf("%t %t", a != nil, b != nil)
	}
	out := fmt.Sprintf("%q\n%q\n%s\n%s\n", a.Lines, b.Lines, a.Reasons, b.Reasons)
	for path := range b.Files {
		if x, y := a.Files[path], b.Files[path]; !bytes.Equal(x, y) {
			out += fmt.Sprintf("%s:\n%s\n%s\n", path, x, y)
		}
	}
	return out + fmt.Sprint(len(a.Files), len(b.Files))
}

// builds reports whether the program compiles.
func (s *series) builds() bool {
	cmd := exec.Command("go", "test", "-count=1", "-vet=off", "-run=^$", "./...")
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Logf("does not compile: %s", out[:min(len(out), 300)])
	}
	return err == nil
}

// texts returns the program's Go files, by path.
func (s *series) texts() map[string]string {
	out := map[string]string{}
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") {
			data, err := os.ReadFile(path)
			out[path] = string(data)
			return err
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *series) restore(texts map[string]string) {
	for path := range s.texts() {
		if _, had := texts[path]; !had {
			os.Remove(path)
		}
	}
	for path, text := range texts {
		s.write(path, text)
	}
}

func (s *series) write(path, text string) {
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		s.t.Fatal(err)
	}
}

// pick returns one of the program's files, and its text.
func (s *series) pick() (path, text string) {
	texts := s.texts()
	var paths []string
	for path := range texts {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	path = paths[s.rand.IntN(len(paths))]
	return path, texts[path]
}
