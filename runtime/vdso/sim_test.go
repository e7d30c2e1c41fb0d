package vdso

import (
	"math/bits"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/vdso/page"
)

// A machine is a simulated one. Time passes at each look at a clock.
type machine struct {
	t      *testing.T
	real   int64   // ns since it was started
	tsc    float64 // the counter
	freq   float64 // ticks a ns
	clock  float64 // ns of the monotonic clock
	adjust float64 // its rate
	diff   int64   // time of day less that
	source string  // why the counter is unusable

	keeper *keeper
	clk    *Clock
	pub    *page.Publisher

	last     int64 // greatest time that was read
	lastWall int64
	lines    int // reads that were by lines
	reads    int
	worst    int64 // error of reads by lines
}

const look = 25 // ns that a look at a clock takes

func newMachine(t *testing.T) *machine {
	m := &machine{t: t, tsc: 1e12, freq: 2.45, clock: 5e9, adjust: 1, diff: 1.7e18}
	m.boot()
	return m
}

// boot starts a keeper and a reader.
func (m *machine) boot() {
	sys := &system{
		counter: func() uint64 { m.pass(look); return uint64(m.tsc) },
		mono:    func() int64 { m.pass(look); return int64(m.clock) },
		wall:    func() int64 { m.pass(look); return int64(m.clock) + m.diff },
		why:     func() string { return m.source },
	}
	m.keeper = newKeeper(sys)
	pub, err := page.Local(schema(), m.keeper.fill)
	if err != nil {
		m.t.Fatal(err)
	}
	m.pub = pub
	m.keeper.pages = []*page.Publisher{pub}
	m.clk = newClock(pub.Reader(), sys)
	if err := m.clk.reader.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { m.clk.Close(); pub.Close() })
}

func (m *machine) pass(ns int64) {
	m.real += ns
	m.tsc += float64(ns) * m.freq
	m.clock += float64(ns) * m.adjust
}

// read reads the clock and compares it with the greatest time read so far.
func (m *machine) read() {
	m.t.Helper()
	r, ok := m.clk.read(m.clk.sys.counter())
	ns, wall := r.mono(), r.wall
	if ok {
		m.lines++
		if err := ns - int64(m.clock); max(err, -err) > m.worst {
			m.worst = max(err, -err)
		}
		wall += ns
	} else {
		ns, wall = m.clk.slow()
	}
	m.reads++
	if ns < m.last {
		m.t.Fatalf("at %v: %d after %d (%s)", time.Duration(m.real), ns, m.last, m.clk.Why())
	}
	m.last, m.lastWall = ns, wall
}

// run lets time pass in which the keeper runs and readers read.
func (m *machine) run(d time.Duration) {
	m.t.Helper()
	for end := m.real + int64(d); m.real < end; {
		next := m.real + tick
		m.keeper.step()
		for m.real < next {
			m.read()
			m.pass(tick / 7)
		}
	}
}

// settle runs and checks that reads are by lines again, and right.
func (m *machine) settle(what string, bound int64) {
	m.t.Helper()
	m.run(2 * time.Second)
	m.lines, m.reads, m.worst = 0, 0, 0
	m.run(2 * time.Second)
	if m.lines != m.reads {
		m.t.Errorf("%s: %d of %d reads by lines: %s", what, m.lines, m.reads, m.clk.Why())
	}
	if m.worst > bound {
		m.t.Errorf("%s: error of %d ns, want at most %d", what, m.worst, bound)
	}
	if diff := m.lastWall - int64(m.clock) - m.diff; max(diff, -diff) > tick {
		m.t.Errorf("%s: the time of day is off by %v", what, time.Duration(diff))
	}
}

// Counters of slow and of fast machines give the same clock.
func TestSimulated(t *testing.T) {
	for _, freq := range []float64{0.024, 0.0625, 1, 2.45, 5.1} {
		m := newMachine(t)
		m.freq = freq
		m.settle("at first", 600+int64(2/freq))
	}
}

// The rate of the system's clock changes, as adjtimex does: at once by 500 ppm,
// and little by little.
func TestFrequency(t *testing.T) {
	m := newMachine(t)
	m.settle("at first", 600)
	for _, ppm := range []float64{500, -500, 0, 100, -100, 10} {
		m.adjust = 1 + ppm/1e6
		m.settle("changed", 600)
	}
	for range 100 {
		m.adjust += 1e-7
		m.run(100 * time.Millisecond)
	}
	if m.worst > 2000 {
		t.Errorf("error of %d ns with 1 ppm a second", m.worst)
	}
}

// The time of day is set. Monotonic time does not notice, and the time of day
// follows.
func TestStep(t *testing.T) {
	m := newMachine(t)
	m.settle("at first", 600)
	for _, step := range []time.Duration{time.Hour, -24 * time.Hour, time.Second, -time.Second, 50 * time.Microsecond} {
		m.diff += int64(step)
		m.lines, m.reads = 0, 0
		m.run(50 * time.Millisecond)
		if m.lines != m.reads {
			t.Errorf("step of %v: only %d of %d reads by lines", step, m.lines, m.reads)
		}
		m.settle(step.String(), 600)
		if diff := m.lastWall - m.last - m.diff; max(diff, -diff) > 1000 {
			t.Errorf("step of %v: the time of day is off by %d", step, diff)
		}
	}
}

// The year 2038, and 2106.
func Test2038(t *testing.T) {
	for _, year := range []int{2038, 2106, 2200} {
		m := newMachine(t)
		at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		m.diff = at.UnixNano()
		m.settle("at first", 600)
		if got := time.Unix(0, m.lastWall).UTC(); got.Year() != year {
			t.Errorf("got %v", got)
		}
	}
}

// The machine sleeps: the monotonic clock stands still, and the counter goes
// on, stands still too, or begins anew.
func TestSuspend(t *testing.T) {
	for name, sleep := range map[string]func(m *machine){
		"counter goes on": func(m *machine) { m.tsc += 3600e9 * m.freq },
		"stands still":    func(m *machine) {},
		"begins anew":     func(m *machine) { m.tsc = 1e9 },
	} {
		m := newMachine(t)
		m.settle(name, 600)
		for range 5 {
			sleep(m)
			m.diff += 3600e9
			m.settle(name, 600)
			m.run(12 * time.Second)
		}
	}
}

// A virtual machine moves to another one, whose counter has another value and
// another frequency.
func TestMoved(t *testing.T) {
	m := newMachine(t)
	m.settle("at first", 600)
	m.tsc, m.freq = 5e12, 3.1
	m.settle("forward", 600)
	m.run(12 * time.Second)
	m.tsc, m.freq = 5e11, 1.9
	m.settle("back", 600)
}

// A counter that runs back again and again is given up, and the system's clock
// is read.
func TestUnstable(t *testing.T) {
	m := newMachine(t)
	m.settle("at first", 600)
	for range 200 {
		m.run(100 * time.Millisecond)
		m.tsc -= 1e9
	}
	m.lines = 0
	m.run(5 * time.Second)
	if m.lines != 0 || !m.keeper.given {
		t.Errorf("%d reads by a counter that runs back: %s", m.lines, m.clk.Why())
	}
}

// The kernel finds the counter unstable and takes another one.
func TestSourceChanged(t *testing.T) {
	m := newMachine(t)
	m.settle("at first", 600)
	m.source = "the kernel's clock source is hpet, not tsc"
	m.run(time.Second)
	m.lines = 0
	m.run(time.Second)
	if m.lines != 0 || m.clk.Why() != m.source {
		t.Errorf("%d reads by lines: %s", m.lines, m.clk.Why())
	}
}

// A keeper that is late or dead: readers fall back, and come back.
func TestLate(t *testing.T) {
	m := newMachine(t)
	m.settle("at first", 600)
	for _, pause := range []int64{150e6, 250e6, 1e9, 60e9, 3600e9} {
		m.adjust = 1 + float64(pause%7-3)*1e-5 // the system's clock goes elsewhere meanwhile
		for end := m.real + pause; m.real < end; m.pass(pause / 1000) {
			m.read()
		}
		m.settle("after a pause", 2500)
	}
}

// The keeper is stopped between the store of new lines and what comes next.
// Clock reads of many moments see no step back.
func TestEndInterrupted(t *testing.T) {
	for stop := int64(0); stop < 20e6; stop += 7e5 {
		m := newMachine(t)
		m.run(300 * time.Millisecond)
		counter := m.keeper.sys.counter
		n := 0
		sys := *m.keeper.sys
		sys.counter = func() uint64 {
			if n++; n == 2 { // after the publication of the limit
				for end := m.real + stop; m.real < end; m.pass(100_000) {
					m.read()
				}
			}
			return counter()
		}
		m.keeper.sys = &sys
		m.adjust = 1 - 4e-4
		m.keeper.end("test")
		m.settle("afterwards", 600)
	}
}

// The words that are published are those that are read.
func TestWords(t *testing.T) {
	l := lines{line{1, 2, 3}, line{4, 5, 6}, 7, 8, 9, 10}
	if got := l.words(); got != [wordCount]uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} {
		t.Errorf("got %v", got)
	}
}

func TestTicks(t *testing.T) {
	const rate = 1 << 31 // half a ns a tick
	if got := ticks(1e9, rate); got != 2e9 {
		t.Errorf("got %d", got)
	}
	if hi, lo := bits.Mul64(2e9, rate); hi<<32|lo>>32 != 1e9 {
		t.Error("the test is wrong")
	}
}

// A counter that runs back by little is noticed at the next tick.
func TestBackALittle(t *testing.T) {
	m := newMachine(t)
	m.settle("at first", 600)
	m.tsc -= 50e6 * m.freq
	m.keeper.step()
	m.read()
	if m.lines = 0; m.keeper.lines.limit != 0 {
		t.Error("lines are left")
	}
	if m.last > int64(m.clock)+2*maxError {
		t.Errorf("time stands at %d ns ahead", m.last-int64(m.clock))
	}
	m.settle("afterwards", 600)
}
