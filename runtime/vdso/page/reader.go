package page

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// A Reader attaches stubs ([Word], [Group], [Pair]) to a page, and detaches
// them when its publisher is gone. Declare the stubs first, then call Start.
// All methods may be called by several goroutines.
type Reader struct {
	name string
	open func() (*memory, error)
	path string // "" in the heap

	self identity

	mu      sync.Mutex
	stubs   []stub
	mem     *memory // attached to; nil: none
	left    *memory // the silent one that was left, whose beat may go on
	beat    uint64  // the last one that was seen
	since   int64   // when it was seen first
	why     error   // why it is not attached
	started bool
	closed  bool
	stop    chan struct{}
	stopped chan struct{}
}

// A stub is attached to memory, or to none. It keeps what it finds there.
type stub interface{ attach(*memory) error }

// Open returns a reader of the page with a name, at a path, "" for the usual
// one. It looks at no file: see Start.
func Open(name, path string) *Reader {
	if path == "" {
		path = Path(name)
	}
	r := newReader(name, func() (*memory, error) { return openFile(path) })
	r.path = path
	return r
}

// Reader returns a reader of the publisher's memory in this process.
func (p *Publisher) Reader() *Reader {
	return newReader(p.mem.schema.Name, func() (*memory, error) { return p.mem, nil })
}

func newReader(name string, open func() (*memory, error)) *Reader {
	return &Reader{
		name: name, open: open, self: own(), why: errors.New("page: not started"),
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
}

func (r *Reader) add(s stub) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stubs = append(r.stubs, s)
	if r.mem != nil {
		s.attach(r.mem) // a variable that is absent is the stub's own matter
	}
}

// Start attaches the stubs, if there is a page, and looks from now on for a
// change, on a goroutine of its own. The error says why there is nothing to
// attach to; the reader goes on looking, and its stubs report no value.
func (r *Reader) Start() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return errors.New("page: the reader is closed")
	}
	r.look()
	if !r.started {
		r.started = true
		go r.watch()
	}
	return r.why
}

// Close detaches the stubs and ends the goroutine.
func (r *Reader) Close() {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return
	}
	r.closed = true
	r.detach(errors.New("page: the reader is closed"))
	started := r.started
	close(r.stop)
	r.mu.Unlock()
	if started {
		<-r.stopped
	}
}

// Err returns why the stubs are not attached, nil if they are.
func (r *Reader) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.why
}

// Check looks at the page now. It is called by the reader's own goroutine; call
// it where a change should be noticed at once.
func (r *Reader) Check() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started && !r.closed {
		r.look()
	}
	return r.why
}

func (r *Reader) watch() {
	defer close(r.stopped)
	t := time.NewTimer(0)
	defer t.Stop()
	for {
		select {
		case <-r.stop:
			return
		case <-t.C:
		}
		r.mu.Lock()
		if !r.closed {
			r.look()
		}
		t.Reset(r.poll())
		r.mu.Unlock()
	}
}

// poll returns the time between two looks.
func (r *Reader) poll() time.Duration {
	if r.mem == nil {
		return 50 * time.Millisecond
	}
	return min(max(r.period()/4, time.Millisecond), time.Second)
}

func (r *Reader) period() time.Duration { return time.Duration(atomic.LoadUint64(r.mem.period)) }

// look attaches to the page that there is, or detaches.
func (r *Reader) look() {
	if r.mem != nil {
		if err := r.alive(); err != nil {
			r.left = r.mem
			r.detach(err)
		} else if r.path == "" {
			return
		} else if id, err := identify(r.path); err != nil || id == r.mem.file {
			return // the path's removal does not matter while the publisher lives
		}
	}
	m, err := r.open()
	if err == nil && r.left != nil && m.file == r.left.file && r.path != "" {
		m = r.left // so that a page which stays silent is not mapped again and again
	}
	if err == nil {
		err = r.fit(m)
	}
	if err != nil {
		if r.mem == nil {
			r.why = err
		}
		return
	}
	r.mem, r.why, r.left = m, nil, nil
	r.beat, r.since = atomic.LoadUint64(m.beat), monotonic()
	for _, s := range r.stubs {
		s.attach(m)
	}
}

func (r *Reader) detach(why error) {
	for _, s := range r.stubs {
		s.attach(nil)
	}
	r.mem, r.why = nil, why
}

// fit says why a page should not be attached to.
func (r *Reader) fit(m *memory) error {
	if m.schema.Name != r.name {
		return fmt.Errorf("page: named %s, want %s", m.schema.Name, r.name)
	}
	if _, err := m.ring(); err != nil {
		return err
	}
	if atomic.LoadUint64(m.abandoned) != 0 {
		return ErrAbandoned
	}
	if r.path == "" {
		return nil
	}
	id := m.publisher()
	if id.gone(r.self) {
		return ErrGone
	}
	period, beat := atomic.LoadUint64(m.period), atomic.LoadUint64(m.beat)
	if period == 0 || period > uint64(time.Hour) {
		return errors.New("page: bad period")
	}
	// Clocks of two time namespaces do not compare; the beat is watched then.
	if age := monotonic() - int64(beat); id.timens == r.self.timens && (age < 0 || age > int64(period)) {
		return ErrSilent
	}
	return nil
}

// alive says why the attached page should be left.
func (r *Reader) alive() error {
	if atomic.LoadUint64(r.mem.abandoned) != 0 {
		return ErrAbandoned
	}
	if r.path == "" {
		return nil // the publisher lives as long as this process
	}
	now := monotonic()
	if beat := atomic.LoadUint64(r.mem.beat); beat != r.beat {
		r.beat, r.since = beat, now
	} else if now-r.since > int64(r.period()) {
		return ErrSilent
	}
	if r.mem.publisher().gone(r.self) {
		return ErrGone
	}
	return nil
}

// Why a page is not attached to.
//
//vimage:shared error values that nothing changes
var (
	ErrAbandoned = errors.New("page: its publisher has left it")
	ErrGone      = errors.New("page: its publisher has ended")
	ErrSilent    = errors.New("page: its publisher gives no sign of life")
)
