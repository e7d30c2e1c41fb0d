package imagetest_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/imagetest"
)

// An image is what a job does, in the place of an image.
type image func(j *imagetest.Job)

func say(j *imagetest.Job, format string, args ...any) { fmt.Fprintf(j.Output(), format, args...) }

// passes is a test that passes in one round after a while.
func passes(d time.Duration, text string) image {
	return func(j *imagetest.Job) {
		say(j, "start-up\n")
		j.Begin()
		say(j, "%s", text)
		time.Sleep(d)
		j.Done(true, true)
		say(j, "end\n")
		j.End(0, "")
	}
}

// fails is one that fails.
func fails(text string) image {
	return func(j *imagetest.Job) {
		j.Begin()
		say(j, "%s", text)
		j.Done(true, false)
		j.End(1, "")
	}
}

// run runs images as tests of the names A, B and so on, and returns what is
// printed and whether all passed.
func run(t *testing.T, cfg imagetest.Config, images ...image) (out string, ok bool) {
	t.Helper()
	var text bytes.Buffer
	does := map[*imagetest.Job]image{}
	for i, im := range images {
		j := &imagetest.Job{Index: i, Name: string(rune('A' + i))}
		cfg.Jobs = append(cfg.Jobs, j)
		does[j] = im
	}
	cfg.Rounds = max(1, cfg.Rounds)
	if cfg.Parallel == 0 {
		cfg.Parallel = len(images)
	}
	cfg.Start = func(j *imagetest.Job) { does[j](j) }
	cfg.Write = func(b []byte) { text.Write(b) }
	r := imagetest.Start(cfg)
	_, ok = r.Print(imagetest.Test)
	ok = r.Close() && ok
	time.Sleep(time.Second) // for those that failfast has left behind
	return text.String(), ok
}

func check(t *testing.T, out, want string, ok, wantOK bool) {
	t.Helper()
	if out != want || ok != wantOK {
		t.Errorf("ok is %v, printed:\n%s\nwant %v:\n%s", ok, out, wantOK, want)
	}
}

func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, ok := run(t, imagetest.Config{},
			passes(300*time.Millisecond, "a\n"), passes(200*time.Millisecond, "b\n"), passes(0, "c\n"))
		check(t, out, "a\nb\nc\n", ok, true)
	})
}

// What a test prints after t.Parallel comes after all tests that do not call
// it.
func TestPause(t *testing.T) {
	paused := func(j *imagetest.Job) {
		j.Begin()
		say(j, "run\n")
		j.Pause()
		say(j, "cont\n")
		j.Done(true, true)
		j.End(0, "")
	}
	synctest.Test(t, func(t *testing.T) {
		out, ok := run(t, imagetest.Config{}, paused, passes(50*time.Millisecond, "b\n"))
		check(t, out, "run\nb\ncont\n", ok, true)
	})
}

func TestRounds(t *testing.T) {
	twice := func(name string, second bool) image {
		return func(j *imagetest.Job) {
			for i := range 2 {
				j.Begin()
				say(j, "%s%d\n", name, i)
				j.Done(true, i == 0 || second)
			}
			j.End(0, "")
		}
	}
	synctest.Test(t, func(t *testing.T) {
		out, ok := run(t, imagetest.Config{Rounds: 2}, twice("a", true), twice("b", false))
		check(t, out, "a0\nb0\na1\nb1\n", ok, false)
	})
}

// An image that ends before its test is a test that failed, and the others go
// on.
func TestEnds(t *testing.T) {
	exits := func(j *imagetest.Job) {
		j.Begin()
		say(j, "no line's end")
		j.End(3, "os.Exit at x.go:1")
	}
	panics := func(j *imagetest.Job) {
		j.Begin()
		say(j, "--- FAIL: B (0.00s)\npanic: boom\n")
		j.End(2, "panic")
	}
	never := func(j *imagetest.Job) {
		say(j, "no database\n")
		j.End(1, "os.Exit at main.go:2")
	}
	late := func(j *imagetest.Job) {
		j.Begin()
		j.Done(true, true)
		say(j, "found a leak\n")
		j.End(4, "os.Exit at main.go:3")
	}
	synctest.Test(t, func(t *testing.T) {
		out, ok := run(t, imagetest.Config{}, exits, panics, never, late, passes(0, "e\n"))
		check(t, out, `no line's end
--- FAIL: A (0.00s)
    its image ended before the test did, with status 3 (os.Exit at x.go:1)
--- FAIL: B (0.00s)
panic: boom
no database
--- FAIL: C (0.00s)
    its image ended before the test began, with status 1 (os.Exit at main.go:2);
    a TestMain that cannot run in several images at once can run once: -testmain=once
e
found a leak
testing: the image of D, which passed, ended with status 4 (os.Exit at main.go:3)
`, ok, false)
	})
}

func TestFailFast(t *testing.T) {
	var started atomic.Int32
	counted := func(im image) image {
		return func(j *imagetest.Job) { started.Add(1); im(j) }
	}
	synctest.Test(t, func(t *testing.T) {
		out, ok := run(t, imagetest.Config{FailFast: true, Parallel: 1},
			counted(passes(0, "a\n")), counted(fails("b\n")), counted(passes(100*time.Millisecond, "c\n")),
			counted(passes(0, "d\n")))
		check(t, out, "a\nb\n", ok, false)
		if n := started.Load(); n > 3 { // c may have been started before b's result was seen
			t.Errorf("%d were started", n)
		}
	})
}

// No two jobs hold the process, and no other runs meanwhile.
func TestAlone(t *testing.T) {
	var running, most atomic.Int32
	alone := func(j *imagetest.Job) {
		j.Begin()
		time.Sleep(10 * time.Millisecond)
		release := j.Alone()
		most.Store(max(most.Load(), running.Add(1)))
		time.Sleep(10 * time.Millisecond)
		running.Add(-1)
		release()
		j.Done(true, true)
		j.End(0, "")
	}
	beside := func(j *imagetest.Job) {
		j.Begin()
		running.Add(1)
		time.Sleep(30 * time.Millisecond)
		running.Add(-1)
		j.Done(true, true)
		j.End(0, "")
	}
	synctest.Test(t, func(t *testing.T) {
		_, ok := run(t, imagetest.Config{}, alone, beside, alone, beside, alone)
		if n := most.Load(); n != 1 || !ok {
			t.Errorf("%d ran at the same time; ok is %v", n, ok)
		}
	})
}

// A job that holds the process until its end lets others go on then.
func TestHold(t *testing.T) {
	var order []string
	var mu sync.Mutex
	hold := func(j *imagetest.Job) {
		j.Begin()
		if !j.Hold() || j.Hold() {
			t.Error("Hold says who had the right before")
		}
		mu.Lock()
		order = append(order, j.Name)
		mu.Unlock()
		j.Done(true, true)
		j.End(0, "")
	}
	synctest.Test(t, func(t *testing.T) {
		_, ok := run(t, imagetest.Config{Parallel: 1}, hold, passes(0, ""), hold)
		if got := strings.Join(order, ""); len(got) != 2 || !ok {
			t.Errorf("%q held; ok is %v", got, ok)
		}
	})
}

func TestTimeout(t *testing.T) {
	var abort sync.Map
	hangs := func(j *imagetest.Job) {
		ended := make(chan string)
		abort.Store(j, ended)
		j.Begin()
		reason := <-ended
		say(j, "%s\n", reason)
		j.End(2, "")
	}
	cfg := imagetest.Config{
		Timeout: time.Second,
		Dead:    func(j *imagetest.Job) bool { return j.Name == "B" },
		Abort: func(j *imagetest.Job, reason string) {
			ended, _ := abort.Load(j)
			ended.(chan string) <- reason
		},
	}
	synctest.Test(t, func(t *testing.T) {
		out, ok := run(t, cfg, hangs, hangs, passes(900*time.Millisecond, "c\n"))
		check(t, out, `panic: test timed out after 1s
--- FAIL: A (1.02s)
fatal error: all goroutines are asleep - deadlock!
--- FAIL: B (1.02s)
c
`, ok, false)
	})
}

// What there is of all jobs is printed when the process is about to end.
func TestFlush(t *testing.T) {
	var text bytes.Buffer
	hangs := &imagetest.Job{Name: "A"}
	done := &imagetest.Job{Name: "B"}
	release := make(chan bool)
	r := imagetest.Start(imagetest.Config{
		Jobs: []*imagetest.Job{hangs, done}, Parallel: 2, Rounds: 1,
		Write: func(b []byte) { text.Write(b) },
		Start: func(j *imagetest.Job) {
			if j == done {
				fails("b\n")(j)
				release <- true
				return
			}
			j.Begin()
			say(j, "a")
			release <- true
		},
	})
	<-release
	<-release
	r.Flush()
	if got := text.String(); got != "ab\n" {
		t.Errorf("printed %q", got)
	}
	hangs.End(2, "")
	r.Close()
}

// Tests of a group exclude each other; others run meanwhile.
func TestGroups(t *testing.T) {
	var in, most, beside atomic.Int32
	member := func(j *imagetest.Job) {
		j.Begin()
		most.Store(max(most.Load(), in.Add(1)))
		time.Sleep(20 * time.Millisecond)
		in.Add(-1)
		j.Done(true, true)
		j.End(0, "")
	}
	other := func(j *imagetest.Job) {
		j.Begin()
		time.Sleep(10 * time.Millisecond)
		beside.Store(max(beside.Load(), in.Load()))
		j.Done(true, true)
		j.End(0, "")
	}
	cfg := imagetest.Config{Groups: []imagetest.Limit{{Most: 1, Has: func(test string) bool { return test < "D" }}}}
	synctest.Test(t, func(t *testing.T) {
		_, ok := run(t, cfg, member, member, member, other)
		if most.Load() != 1 || beside.Load() != 1 || !ok {
			t.Errorf("%d of a group ran at a time, %d beside another; ok is %v", most.Load(), beside.Load(), ok)
		}
	})
}

// An image that ends while it waits for running alone is no longer counted as
// waiting.
func TestEndWhileWaiting(t *testing.T) {
	var beside atomic.Bool
	ends := func(j *imagetest.Job) {
		j.Begin()
		go j.Hold()
		time.Sleep(10 * time.Millisecond)
		j.End(2, "panic")
	}
	runs := func(j *imagetest.Job) {
		j.Begin()
		beside.Store(true)
		time.Sleep(100 * time.Millisecond)
		beside.Store(false)
		j.Done(true, true)
		j.End(0, "")
	}
	holds := func(j *imagetest.Job) {
		j.Begin()
		time.Sleep(20 * time.Millisecond)
		if j.Hold(); beside.Load() {
			t.Error("a job holds the process beside another")
		}
		j.Done(true, true)
		j.End(0, "")
	}
	synctest.Test(t, func(t *testing.T) { run(t, imagetest.Config{}, ends, runs, holds) })
}
