package imagetest_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/imagetest"
)

// state is the variables of an image.
type state struct{ V_a, V_b, V_c int }

// A step is a test that works on them, and reports whether it passes.
type step func(s *state) bool

// depend runs tests of the names A, B and so on, each in an image, and returns
// the lines that report dependences, and what is printed.
func depend(cfg imagetest.Config, steps ...step) (lines []string, out string) {
	var text bytes.Buffer
	for i := range steps {
		cfg.Jobs = append(cfg.Jobs, &imagetest.Job{Index: i, Name: string(rune('A' + i))})
	}
	cfg.Parallel, cfg.Rounds = 2, 1
	cfg.Write = func(b []byte) { text.Write(b) }
	cfg.Start = func(j *imagetest.Job) {
		s := new(state)
		list := []imagetest.Container{{Path: "p", Value: s}}
		tests := j.Tests
		if j.Kind != imagetest.Group {
			tests = []int{j.Index}
		}
		before := imagetest.Take(list)
		for i, n := range tests {
			if j.Watch && i == len(tests)-1 {
				j.Note(before.Changed())
				before.Restore(j.Reset)
			}
			j.Begin()
			ok := steps[n](s)
			say(j, "%c %v\n", 'A'+n, ok)
			j.Done(true, ok)
		}
		j.End(0, "")
	}
	r := imagetest.Start(cfg)
	r.Print(imagetest.Test)
	for _, d := range r.Depend() {
		d.Explain("p.a\twritten in x.go:1\n")
		lines = append(lines, d.String())
	}
	r.Close()
	return lines, text.String()
}

func nothing(*state) bool { return true }

func TestDepend(t *testing.T) {
	setA := func(s *state) bool { s.V_a, s.V_c = 1, s.V_c+1; return true }
	setB := func(s *state) bool { s.V_b, s.V_c = 1, s.V_c+1; return true }
	both := func(s *state) bool { return s.V_a == 1 && s.V_b == 1 }
	never := func(s *state) bool { return false }
	var once sync.Map
	flaky := func(s *state) bool { _, again := once.LoadOrStore(0, 0); return again }

	lines, _ := depend(imagetest.Config{}, setB, nothing, setA, nothing, func(s *state) bool { return s.V_a == 1 },
		never, nothing, both, flaky)
	want := []string{
		"E depends on C through p.a (written in x.go:1): it passes after it in one image, and fails in an image of its own",
		"H depends on A and C through p.b: it passes after them in one image, and fails in an image of its own",
		"I failed, and passes when it is run again, alone",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("reported:\n%s\nwant:\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}

	if lines, _ := depend(imagetest.Config{}, never, nothing, never); len(lines) > 0 {
		t.Errorf("of tests that fail anyway: %q", lines)
	}
	if lines, _ := depend(imagetest.Config{FailFast: true}, setA, func(s *state) bool { return s.V_a == 1 }); len(lines) > 0 {
		t.Errorf("with FailFast: %q", lines)
	}
}

// A dependent test is printed as it ends after the others, if that is allowed.
func TestAllowDependent(t *testing.T) {
	set := func(s *state) bool { s.V_a = 1; return true }
	lines, out := depend(imagetest.Config{AllowDependent: true}, set, func(s *state) bool { return s.V_a == 1 }, nothing)
	if want := "A true\nB true\nC true\n"; out != want || len(lines) != 1 {
		t.Errorf("printed %q, want %q; reported %q", out, want, lines)
	}
}

// What is reachable from a variable is found to be changed, and put back.
func TestSnapshot(t *testing.T) {
	type list struct {
		next  *list
		value int
	}
	type vars struct {
		V_number  int
		V_pointer *list
		V_slice   []int
		V_names   map[string]*list
		V_any     any
		V_same    *list
		other     int
	}
	v := &vars{
		V_pointer: &list{next: &list{value: 2}}, V_slice: []int{1, 2}, V_names: map[string]*list{"x": {}},
		V_any: &list{}, V_same: &list{},
	}
	before := imagetest.Take([]imagetest.Container{{Path: "p", Value: v}, {Path: "none"}})
	if got := before.Changed(); len(got) > 0 {
		t.Errorf("changed at once: %q", got)
	}
	v.V_number++
	v.V_pointer.next.value = 3
	v.V_slice[1] = 5
	v.V_names["x"].value = 1
	v.V_names["y"] = nil
	v.V_any.(*list).value = 9
	v.other++
	want := []string{"p.any", "p.names", "p.number", "p.pointer", "p.slice"}
	if got := before.Changed(); !slices.Equal(got, want) {
		t.Errorf("changed: %q, want %q", got, want)
	}
	before.Restore(want)
	if got := before.Changed(); len(got) > 0 || v.V_pointer.next.value != 2 || len(v.V_names) != 1 || v.other != 1 {
		t.Errorf("changed after it was put back: %q; %+v", got, v)
	}
}

func TestReports(t *testing.T) {
	var mu sync.Mutex
	tries := map[string]int{}
	var text bytes.Buffer
	cfg := imagetest.Config{Parallel: 4, Rounds: 1, Retries: 2, KeepText: true}
	for i, name := range []string{"Good", "Flaky", "Bad<", "Skipped"} {
		cfg.Jobs = append(cfg.Jobs, &imagetest.Job{Index: i, Name: name})
	}
	cfg.Write = func(b []byte) { text.Write(b) }
	cfg.Start = func(j *imagetest.Job) {
		mu.Lock()
		tries[j.Name]++
		n := tries[j.Name]
		mu.Unlock()
		j.Begin()
		say(j, "%s %d & more\n", j.Name, n)
		if j.Name == "Skipped" {
			j.Skip()
		}
		if j.Name == "Good" {
			j.Note([]string{"p.x"})
			j.Leak("1 timer")
		}
		j.Done(true, j.Name != "Bad<" && (j.Name != "Flaky" || n == 2))
		j.End(0, "")
	}
	r := imagetest.Start(cfg)
	if _, ok := r.Print(imagetest.Test); ok {
		t.Error("all passed")
	}
	r.Close()
	if want := "Good 1 & more\nFlaky 1 & more\nFlaky 2 & more\nBad< 1 & more\nBad< 2 & more\nBad< 3 & more\n" +
		"Skipped 1 & more\n"; text.String() != want {
		t.Errorf("printed:\n%swant:\n%s", text.String(), want)
	}
	lines, ok := r.Reports()
	want := []string{"FLAKY Flaky: passed on try 2 of 3", "Good leaves 1 timer", "Good leaves changed: p.x"}
	if ok || !slices.Equal(lines, want) {
		t.Errorf("reported %q, %v, want %q", lines, ok, want)
	}
	if got := r.Summary(0); !strings.HasPrefix(got, "4 tests in 7 images, 0.00s; one after the other ") {
		t.Errorf("summary %q", got)
	}
	got := r.JUnit("a&b", 0)
	for _, part := range []string{
		`<testsuite name="a&amp;b" tests="4" failures="1" skipped="1" time="0.000">`,
		`name="Bad&lt;" time="0.000"><failure message="Failed">Bad&lt; 3 &amp; more`,
		`name="Flaky" time="0.000"><flakyFailure`, `name="Skipped" time="0.000"><skipped>`,
		`name="Good" time="0.000"></testcase>`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in\n%s", part, got)
		}
	}
}

// A test that hangs is run again alone, and ended again.
func TestDependHangs(t *testing.T) {
	var ended sync.Map
	starts := 0
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		r := imagetest.Start(imagetest.Config{
			Jobs: []*imagetest.Job{{Index: 0, Name: "A"}}, Parallel: 1, Rounds: 1, Timeout: time.Second,
			Write: func(b []byte) { text.Write(b) },
			Start: func(j *imagetest.Job) {
				starts++
				end := make(chan bool)
				ended.Store(j, end)
				j.Begin()
				<-end
				j.End(2, "")
			},
			Abort: func(j *imagetest.Job, _ string) {
				end, _ := ended.Load(j)
				close(end.(chan bool))
			},
		})
		r.Print(imagetest.Test)
		if list := r.Depend(); len(list) > 0 || starts != 2 {
			t.Errorf("%d starts, %v", starts, list)
		}
		r.Close()
		time.Sleep(time.Second) // the goroutine that watches ends
	})
}
