package imagetest

import (
	"os"
	"time"
)

// A Kind is what a job runs.
type Kind int

const (
	Test Kind = iota
	Fuzz      // a fuzz target with its seeds
	Example
	Group // several tests, one after the other
)

// A Job is one test, fuzz target or example, which runs in an image of its own.
// Its methods may be called by any goroutine.
type Job struct {
	Kind  Kind
	Index int // in the list of its kind
	Name  string

	// Of a group.
	Tests []int    // in place of Index
	Watch bool     // note which variables all tests but the last change,
	Reset []string // and give these back what they had, before the last

	changed []string // see Note
	leak    string   // see Leak
	skipped bool
	tries   int    // that failed
	text    string // what it printed, for JUnit

	run *Run
	out *capture

	// Of Run.watch.
	aborted bool
	slow    time.Duration // after which it is reported as slow again
	looked  time.Time     // for a deadlock
	pause   time.Duration // until the next look

	// Guarded by run.mu.
	begun   bool // it is started, or never will be
	started time.Time
	took    time.Duration
	over    bool
	status  int
	how     string // how the image ended
	rounds  []round
	at      int64 // what is printed of the output
	printed bool  // all of it
	holds   int   // of the process as a whole: see Alone
	waits   int   // goroutines that wait for that
}

// A round is one run of a job's test. Its offsets are in the job's output.
type round struct {
	begin, pause, end int64
	paused            bool // the test has called t.Parallel
	done              bool
	ran, ok           bool
}

// Output is the file for what the job's image writes.
func (j *Job) Output() *os.File { return j.out.f }

// Begin reports that a round begins.
func (j *Job) Begin() {
	j.run.mu.Lock()
	defer j.run.mu.Unlock()
	j.rounds = append(j.rounds, round{begin: j.out.size()})
	j.run.changed.Broadcast()
}

// Pause reports that the job's test has called t.Parallel.
func (j *Job) Pause() {
	j.run.mu.Lock()
	defer j.run.mu.Unlock()
	if n := len(j.rounds); n > 0 && !j.rounds[n-1].paused {
		j.rounds[n-1].paused, j.rounds[n-1].pause = true, j.out.size()
		j.run.changed.Broadcast()
	}
}

// Done reports how the round ended.
func (j *Job) Done(ran, ok bool) {
	j.run.mu.Lock()
	defer j.run.mu.Unlock()
	d := &j.rounds[len(j.rounds)-1]
	d.done, d.ran, d.ok, d.end = true, ran, ok, j.out.size()
	j.run.changed.Broadcast()
}

// End reports that the job's image has ended: with its exit status, and with
// how it ended, for people.
func (j *Job) End(status int, how string) {
	r := j.run
	r.mu.Lock()
	defer r.mu.Unlock()
	if j.over {
		return
	}
	j.over, j.status, j.how = true, status, how
	j.took += time.Since(j.started)
	if j.out != nil {
		j.out.seal()
	}
	j.forget()
	r.running--
	r.waiting -= j.waits
	if r.owner == j {
		r.owner = nil
	}
	j.waits, j.holds = 0, 0
	r.start()
	r.changed.Broadcast()
}

// forget lets the output go if nobody needs it any more; under run.mu.
func (j *Job) forget() {
	if j.printed && j.over && j.out != nil && (j.status == 0 || !j.passed()) {
		j.out.forget()
	}
}

// round returns round n, nil if it has not begun; under run.mu.
func (j *Job) round(n int) *round {
	if n < len(j.rounds) {
		return &j.rounds[n]
	}
	return nil
}

// passed reports whether all rounds that began passed; under run.mu.
func (j *Job) passed() bool {
	for _, d := range j.rounds { // each of them
		if !d.done || !d.ok {
			return false
		}
	}
	return len(j.rounds) > 0
}

// Hold waits until no other job runs, and keeps others from running until the
// job's image has ended. It reports whether the job did not have that right
// before.
//
// Jobs that wait for the same count as not running. They go on when no job is
// left that could start, or when there are many of them.
func (j *Job) Hold() bool {
	r := j.run
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.owner == j || j.over {
		j.holds++
		return false
	}
	if j.waits++; j.waits == 1 {
		r.waiting++
	}
	r.start()
	r.changed.Broadcast()
	since := time.Now()
	for !j.over && r.owner != j && (r.owner != nil || r.running > r.waiting) {
		r.changed.Wait()
	}
	if j.over {
		return false
	}
	if j.waits--; j.waits == 0 {
		r.waiting--
	}
	r.owner = j
	j.holds++
	j.started = j.started.Add(time.Since(since)) // a test that waits uses none of its time
	return true
}

// Alone is Hold until release is called.
func (j *Job) Alone() (release func()) {
	j.Hold()
	r := j.run
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.owner != j {
			return
		}
		if j.holds--; j.holds == 0 {
			r.owner = nil
			r.start()
			r.changed.Broadcast()
		}
	}
}
