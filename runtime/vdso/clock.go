package vdso

import (
	"encoding/binary"
	"math"
	"sync"
	"time"

	"github.com/go-vimage/vimage/runtime/vdso/internal/counter"
	"github.com/go-vimage/vimage/runtime/vdso/page"
)

// pageName is the name of the clock's page.
const pageName = "vdso_clock"

func schema() page.Schema {
	return page.Schema{Name: pageName, Version: "1.0", Vars: []page.Var{
		{Name: "Lines", Type: "[10]uint64", Version: "1.0"},
		{Name: "Coarse", Type: "int64", Version: "1.0"},
		{Name: "Reason", Type: "string[80]", Version: "1.0"},
	}}
}

// A Clock is read from a page. It knows nothing of images. Its methods may be
// called by several goroutines.
type Clock struct {
	reader *page.Reader
	lines  page.Block
	coarse page.Word
	reason page.Group
	sys    *system
}

// Open returns the clock that another process keeps: see [Serve]. Path is ""
// for the usual one. If there is no such page, or its keeper died, it reads the
// system's clock, and looks for a page from time to time.
func Open(path string) *Clock {
	sys := theSystem()
	c := newClock(page.Open(pageName, path), sys)
	if sys.why() == "" {
		c.reader.Start() // an error is no matter: the clock falls back
	}
	return c
}

func newClock(r *page.Reader, sys *system) *Clock {
	c := &Clock{reader: r, sys: sys}
	v := schema().Vars
	r.Block(&c.lines, v[0])
	r.Word(&c.coarse, v[1])
	r.Group(&c.reason, v[2])
	return c
}

// Close ends the look for a page.
func (c *Clock) Close() { c.reader.Close() }

// Why returns why the clock reads the system's clock, "" if it has a page with
// lines. For people.
func (c *Clock) Why() string {
	if why := c.sys.why(); why != "" {
		return why
	}
	if err := c.reader.Err(); err != nil {
		return err.Error()
	}
	words := make([]uint64, 12)
	if !c.reason.Load(words) {
		return "the page has no reason"
	}
	return page.String(page.Bytes(words), 80)
}

// A reading is a time on a line. Only since depends on the counter: what a
// caller computes of the others, the processor can compute while it reads the
// counter.
type reading struct {
	start int64 // the monotonic time at the line's start, in ns
	since int64 // from there, in ns
	wall  int64 // the time of day less the monotonic time, in ns
}

func (r reading) mono() int64 { return r.start + r.since }

// time returns the time of day. The start's is divided, and not the sum.
func (r reading) time() time.Time {
	start := r.start + r.wall
	sec, ns := start/1e9, start%1e9+r.since
	if ns >= 1e9 {
		sec, ns = sec+1, ns-1e9
	}
	return time.Unix(sec, ns)
}

// read returns the time, if the page has it.
func (c *Clock) read(now uint64) (r reading, ok bool) {
	h, ok := c.lines.Hand()
	if !ok {
		return r, false
	}
	start := h.Word(wordNewer)
	l := line{start, int64(h.Word(wordNewer + 1)), h.Word(wordNewer + 2)}
	if now < start {
		l = line{h.Word(wordOlder), int64(h.Word(wordOlder + 1)), h.Word(wordOlder + 2)}
	}
	limit, wall := h.Word(wordLimit), int64(h.Word(wordWall))
	if now >= limit || now < l.start || !h.Same() {
		return r, false
	}
	return reading{l.ns, l.since(now), wall}, true
}

// manyTries is after how many tries a page that never has a current generation
// is taken for one that no keeper wrote.
const manyTries = 1000

// bound returns the time that a fallback must not be below, and the difference
// to the time of day that belongs to it.
func (c *Clock) bound(now uint64) (ns, wall int64) {
	for range manyTries {
		h, ok := c.lines.Last()
		if !ok {
			break
		}
		l := lines{
			newer: line{h.Word(wordNewer), int64(h.Word(wordNewer + 1)), h.Word(wordNewer + 2)},
			limit: h.Word(wordLimit), wall: int64(h.Word(wordWall)), floor: int64(h.Word(wordFloor)),
			end: h.Word(wordEnd),
		}
		if h.Same() {
			return l.bound(now), l.wall
		}
	}
	return math.MinInt64, 0
}

// Monotonic returns the time since the epoch of the system's monotonic clock.
func (c *Clock) Monotonic() time.Duration {
	if r, ok := c.read(counter.Read()); ok {
		return time.Duration(r.mono())
	}
	ns, _ := c.slow()
	return time.Duration(ns)
}

// Now returns the time of day, without a monotonic reading.
func (c *Clock) Now() time.Time {
	if r, ok := c.read(counter.Read()); ok {
		return r.time()
	}
	_, wall := c.slow()
	return time.Unix(0, wall)
}

// slow returns the monotonic time and the time of day by the system's clock.
//
//go:noinline
func (c *Clock) slow() (mono, wall int64) {
	mono, wall = c.sys.mono(), c.sys.wall()
	now := c.sys.counter()
	if r, ok := c.read(now); ok {
		return r.mono(), r.mono() + r.wall // lines have begun since the system's clock was read
	}
	bound, diff := c.bound(now)
	if at := bound + diff; bound > mono && at > wall && at-wall < maxError {
		wall = at
	}
	return max(mono, bound), wall
}

// NowCoarse returns the time of day at the keeper's last tick, at most 10 ms
// ago while the keeper runs in time.
func (c *Clock) NowCoarse() time.Time {
	if ns, ok := c.coarse.Load(); ok {
		return time.Unix(0, int64(ns))
	}
	_, wall := c.slow()
	return time.Unix(0, wall)
}

// A process holds the process's own clock and its keeper.
type process struct {
	once  sync.Once
	clock *Clock
}

// start begins to keep the process's clock.
func (p *process) start() *Clock {
	p.once.Do(func() {
		sys := theSystem()
		k := newKeeper(sys)
		pub, err := page.Local(schema(), k.fill)
		if err != nil {
			panic("vdso: " + err.Error()) // the schema is ours
		}
		k.pages = append(k.pages, pub)
		clock := newClock(pub.Reader(), sys)
		clock.reader.Start()
		go k.run(nil)
		p.clock = clock
	})
	return p.clock
}

// put encodes what a keeper publishes.
func put(b []byte, l *lines, coarse int64, reason string) {
	w := l.words()
	for i, v := range w {
		binary.NativeEndian.PutUint64(b[8*i:], v)
	}
	binary.NativeEndian.PutUint64(b[8*wordCount:], uint64(coarse))
	page.PutString(b[8*wordCount+8:], 80, reason)
}
