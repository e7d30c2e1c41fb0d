package imagetest

import (
	"runtime"
	"slices"
	"sync"
	"time"
)

// A Config says what to run, and how.
type Config struct {
	Groups   []Limit
	Jobs     []*Job // in order: tests, then fuzz targets, then examples
	Parallel int    // how many may run at a time
	Wide     bool   // more may, while the processors idle
	Rounds   int    // how often each test and fuzz target runs
	FailFast bool   // start no test after one that failed
	Prefix   string // of the lines that Run adds, for the reader of -v=test2json

	Timeout  time.Duration // of one job; 0 for none
	Slow     time.Duration // report a job that runs for longer, while it runs; 0 for none
	Retries  int           // how often a failed job is tried again
	KeepText bool          // for JUnit

	// AllowDependent prints a test that depends on others as it ends after
	// those.
	AllowDependent bool

	// Dead, if it is not nil, reports whether a job's goroutines are blocked
	// for ever.
	Dead func(*Job) bool
	// Abort ends a job's image for a reason, which its output gets with the
	// stacks.
	Abort func(j *Job, reason string)
	// Start starts a job in an image. The job's methods report what becomes of
	// it.
	Start func(*Job)
	// Write prints.
	Write func(text []byte)
}

// A Limit says how many tests of some names may run at a time.
type Limit struct {
	Most int
	Has  func(test string) bool
}

// A Run runs the jobs of a test binary.
type Run struct {
	cfg Config

	mu      sync.Mutex
	changed *sync.Cond // anything below, or a moment has passed
	next    int        // of cfg.Jobs; those before it are begun
	running int
	width   int  // how many may run at a time, at the moment
	failed  bool // and nothing but examples is to be started, with FailFast
	images  int  // that were started
	closed  bool
	frozen  bool // Print prints no more
	owner   *Job // that runs alone
	grouped *Job // that Depend runs, or nil
	waiting int  // jobs that wait for running alone

	dependent []Dependence
	looked    bool // for them

	midLine bool // what was printed last did not end a line
}

// tick is how often a Run looks at what reports nothing: the output of the job
// that is being printed, and the processors.
const tick = 20 * time.Millisecond

// mostWaiting is how many jobs may wait for running alone before others start.
const mostWaiting = 64

// widest is how many jobs a wide Run starts for each processor.
const widest = 16

// Start starts the first jobs. The others start as these end.
func Start(cfg Config) *Run {
	r := &Run{cfg: cfg, width: max(1, cfg.Parallel)}
	r.changed = sync.NewCond(&r.mu)
	for _, j := range cfg.Jobs {
		j.run = r
	}
	r.mu.Lock()
	r.start()
	r.mu.Unlock()
	go r.watch()
	return r
}

// start starts what may start, under r.mu.
func (r *Run) start() {
	for i := r.next; i < len(r.cfg.Jobs); i++ {
		j := r.cfg.Jobs[i]
		if j.begun {
			continue
		}
		if r.closed || r.running-r.waiting >= r.width || r.owner != nil || r.waiting >= mostWaiting {
			break
		}
		if r.failed && j.Kind != Example {
			j.begun = true
			continue
		}
		if r.full(j) {
			continue
		}
		j.begun = true
		r.running++
		j.started = time.Now()
		go r.begin(j)
	}
	for r.next < len(r.cfg.Jobs) && r.cfg.Jobs[r.next].begun {
		r.next++
	}
}

// full reports whether as many jobs of j's groups run as may, under r.mu.
func (r *Run) full(j *Job) bool {
	for _, g := range r.cfg.Groups {
		if !g.Has(j.Name) {
			continue
		}
		n := 0
		for _, other := range r.cfg.Jobs {
			if !other.started.IsZero() && !other.over && g.Has(other.Name) {
				n++
			}
		}
		if n >= g.Most {
			return true
		}
	}
	return false
}

func (r *Run) begin(j *Job) {
	var err error
	if j.out, err = newCapture(); err != nil {
		j.End(2, err.Error())
		return
	}
	r.mu.Lock()
	r.images++
	r.mu.Unlock()
	r.cfg.Start(j)
}

// watch wakes those who wait, and widens the run.
func (r *Run) watch() {
	busy := processorTime()
	last := time.Now()
	limit := widest * runtime.GOMAXPROCS(0)
	for {
		time.Sleep(tick)
		now, used := time.Now(), processorTime()
		free := used >= 0 && used-busy < now.Sub(last)*time.Duration(runtime.GOMAXPROCS(0))/2
		last, busy = now, used
		r.mu.Lock()
		if r.closed {
			r.mu.Unlock()
			return
		}
		if r.cfg.Wide && free && r.running-r.waiting >= r.width && r.width < limit {
			r.width++
			r.start()
		}
		r.changed.Broadcast()
		var late, look []*Job
		jobs := r.cfg.Jobs
		if r.grouped != nil {
			jobs = append(slices.Clip(jobs), r.grouped)
		}
		for _, j := range jobs {
			if j.over || j.started.IsZero() || j.aborted || j.waits > 0 || len(j.rounds) == 0 {
				continue
			}
			if r.cfg.Slow > 0 && now.Sub(j.started) > r.cfg.Slow+j.slow && !r.frozen && j.Kind != Group {
				r.say("testing: SLOW " + j.Name + " (" + seconds(now.Sub(j.started)) + ")")
				j.slow += r.cfg.Slow
			}
			// Of a group, each test has the time of one.
			if r.cfg.Timeout > 0 && now.Sub(j.started) > r.cfg.Timeout*time.Duration(max(1, len(j.Tests))) {
				j.aborted = true
				late = append(late, j)
			} else if r.cfg.Dead != nil && now.Sub(j.looked) > max(deadlockPause, j.pause) && now.Sub(j.started) > deadlockPause {
				j.looked = now
				look = append(look, j)
			}
		}
		r.mu.Unlock()
		for _, j := range late {
			r.cfg.Abort(j, "panic: test timed out after "+r.cfg.Timeout.String())
		}
		for _, j := range look {
			if r.cfg.Dead(j) {
				j.aborted = true
				r.cfg.Abort(j, "fatal error: all goroutines are asleep - deadlock!")
			} else {
				j.pause = min(2*j.pause+deadlockPause, longestPause) // looking stops the process for a moment
			}
		}
	}
}

// How often a job is looked at for a deadlock.
const (
	deadlockPause = 500 * time.Millisecond
	longestPause  = 30 * time.Second
)

// Close waits until all jobs that were started have ended, and reports those
// whose image ended otherwise than their test. It returns whether there are
// none. With FailFast it does not wait for jobs that the first failure has made
// superfluous.
func (r *Run) Close() (ok bool) {
	ok = true
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range r.cfg.Jobs {
		if r.failed && j.Kind != Example || j.started.IsZero() {
			continue
		}
		for !j.over {
			r.changed.Wait()
		}
		if j.passed() && j.status != 0 {
			ok = false
			r.mu.Unlock()
			r.afterwards(j)
			r.mu.Lock()
		}
	}
	r.closed = true
	return ok
}
