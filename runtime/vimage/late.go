package vimage

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// A Module joins all images while they live: its constructor runs in each that
// there is, and in each that is created later; its destructor when the image
// closes or the module leaves.
type Module struct {
	Name string       // for errors
	Vars Variables    // a *Vars, what the module has a copy of in each image; may be nil
	Init func() error // the constructor, which runs in the image; may be nil
	Fini func() error // the destructor, which runs in the image; may be nil

	mu    sync.Mutex // guards what follows; not held while anything of the module runs
	phase phase
	core  *core.VnetModule // of this registration

	users gate
}

type phase int

const (
	idle phase = iota
	registering
	registered
	leaving
	halfway // Unregister gave up waiting for a constructor
)

func (p phase) String() string {
	return [...]string{"not registered", "being registered", "registered", "being unregistered", "half unregistered"}[p]
}

// Register gives every live image the module, and returns when each has it.
// Images that are being created at the moment get it as well, those that are
// being closed may not. When a constructor returns an error, panics or calls
// runtime.Goexit, the module is taken out of all images again, in which
// destructors run, and the error names the image and the place.
//
// It may be called from anywhere, also from a constructor.
func Register(m *Module) error {
	m.mu.Lock()
	if p := m.phase; p != idle {
		m.mu.Unlock()
		return errors.New("vimage: module " + m.Name + " is " + p.String())
	}
	m.phase = registering
	mod := &core.VnetModule{Path: m.Name, Late: true, Start: m.Init, Stop: m.Fini}
	m.core = mod
	m.mu.Unlock()
	if m.Vars != nil {
		mod.New = m.Vars.container(mod)
		core.VnetReserve(mod)
		m.Vars.attach(mod)
	}
	live, _ := core.VnetList(mod)
	r := &registration{mod: mod, done: make(chan struct{})}
	for r.left = live; len(r.left) > 0 && r.err == nil; <-r.done {
		r.done = make(chan struct{})
		go r.run()
	}
	if r.err == nil {
		m.set(registered)
		m.users.open()
		return nil
	}
	return errors.Join(append([]error{r.err}, m.leave(context.Background())...)...)
}

// Unregister takes the module out of all images. No new user comes in (Enter),
// those that are in are waited for, and then the destructor runs in every
// image, the youngest first. If users do not leave before ctx is done,
// Unregister returns an error and the module is as before. If a constructor is
// still at work then, in an image that is being created, the module stays
// half-way out, and Unregister may be called again. Errors of destructors do
// not keep the module.
func Unregister(ctx context.Context, m *Module) error {
	m.mu.Lock()
	p := m.phase
	if p == registered || p == halfway {
		m.phase = leaving
	}
	m.mu.Unlock()
	if p != registered && p != halfway {
		return errors.New("vimage: module " + m.Name + " is " + p.String())
	}
	m.users.close()
	if !poll(ctx, m.users.empty) {
		n := m.users.count()
		m.users.open()
		m.set(registered)
		return &busyError{"vimage: module " + m.Name + " has " + strconv.Itoa(n) + " users", context.Cause(ctx)}
	}
	return errors.Join(m.leave(ctx)...)
}

// leave takes the module, which has no users, out of all images.
func (m *Module) leave(ctx context.Context) (errs []error) {
	mod := m.core
	quiet := func() bool { return core.VnetModuleBusy(mod) == 0 }
	core.VnetLeaving(mod)
	if !poll(ctx, quiet) {
		m.set(halfway)
		return []error{&busyError{"vimage: module " + m.Name + ": its constructor or destructor still runs in an image that is being created or closed", context.Cause(ctx)}}
	}
	r := &registration{mod: mod, undo: true}
	for r.left = core.VnetHolders(mod); len(r.left) > 0; <-r.done {
		r.done = make(chan struct{})
		go r.run()
	}
	core.VnetStep("taken")
	if !poll(ctx, quiet) { // with what closers took
		m.set(halfway)
		return append(r.errs, &busyError{"vimage: module " + m.Name + ": its destructor still runs in an image that is being closed", context.Cause(ctx)})
	}
	if m.Vars != nil {
		m.Vars.attach(nil)
	}
	core.VnetUnlist(mod)
	m.set(idle)
	return r.errs
}

func (m *Module) set(p phase) {
	m.mu.Lock()
	m.phase = p
	m.mu.Unlock()
}

// Enter counts the caller among the module's users, whom Unregister waits for,
// until it calls Leave. It reports false, and there is nothing to leave, when
// the module is not registered or is leaving. It costs two atomic operations on
// memory that few share.
func (m *Module) Enter() bool { return m.users.enter() }

// Leave ends what Enter began, on whichever goroutine.
func (m *Module) Leave() { m.users.leave() }

// A busyError says what did not end in time.
type busyError struct {
	text  string
	cause error
}

func (e *busyError) Error() string { return e.text + ": " + e.cause.Error() }
func (e *busyError) Unwrap() error { return e.cause }

// A registration takes a module into, or out of, one image after the other.
type registration struct {
	mod  *core.VnetModule
	undo bool
	left []*core.VnetImage
	err  error         // the first of a constructor
	errs []error       // of destructors
	done chan struct{} // closed when run has ended
}

// run is a goroutine, because a constructor may end it. Then the images that
// are left are another one's.
//
//go:noinline
func (r *registration) run() {
	defer close(r.done)
	for len(r.left) > 0 && r.err == nil {
		im := r.left[0]
		r.left = r.left[1:]
		if r.undo {
			if core.VnetTake(im, r.mod) {
				r.call(im, "destructor", r.mod.Stop)
			}
		} else if core.VnetClaim(im, r.mod) {
			r.call(im, "constructor", r.mod.Start)
		}
	}
}

func (r *registration) call(im *core.VnetImage, what string, f func() error) {
	prev := core.VnetSwap(im)
	returned := false
	var err error
	defer func() {
		where := ""
		switch {
		case !returned:
			v := recover()
			where = place()
			switch e := v.(type) {
			case nil:
				err = errors.New("runtime.Goexit called")
			case *exitError:
				err, where = e, e.where
			case error:
				err = &panicError{e}
			default:
				err = errors.New("panic: " + show(v))
			}
		case err != nil:
			where = funcPlace(f)
		}
		core.VnetSwap(prev)
		if r.undo {
			core.VnetTaken(im)
		} else {
			core.VnetClaimed(im, r.mod, err == nil)
		}
		if err == nil {
			return
		}
		err = &undoError{im.Name, what + " of module " + r.mod.Path, where, err}
		if r.undo {
			r.errs = append(r.errs, err)
		} else {
			r.err = err
		}
	}()
	if f != nil {
		err = f()
	}
	returned = true
}

type panicError struct{ err error }

func (e *panicError) Error() string { return "panic: " + e.err.Error() }
func (e *panicError) Unwrap() error { return e.err }

// Variables are what a module has a copy of in each image: a *Vars.
type Variables interface {
	container(mod *core.VnetModule) func() unsafe.Pointer
	attach(mod *core.VnetModule)
}

// Vars is a container for a module that is not generated: each image has a T of
// its own while the module is registered. One Vars belongs to one module.
type Vars[T any] struct {
	at atomic.Pointer[attachment]
}

type attachment struct {
	mod *core.VnetModule
	off uintptr
}

// boxed is a late module's container: it begins with the module, by which a
// reader sees that the slot is not another's by now.
type boxed[T any] struct {
	mod *core.VnetModule
	v   T
}

func (v *Vars[T]) container(mod *core.VnetModule) func() unsafe.Pointer {
	return func() unsafe.Pointer { return unsafe.Pointer(&boxed[T]{mod: mod}) }
}

func (v *Vars[T]) attach(mod *core.VnetModule) {
	if mod == nil {
		v.at.Store(nil)
		return
	}
	v.at.Store(&attachment{mod, mod.Off})
}

// Get returns the current image's T. It panics where no image is current, when
// that is closed, and when the module is not registered.
func (v *Vars[T]) Get() *T {
	if at := v.at.Load(); at != nil {
		if b := (*boxed[T])(core.VnetLookup(at.off)); b != nil && b.mod == at.mod {
			return &b.v
		}
	}
	panic(errNotRegistered)
}

var errNotRegistered = errors.New("vimage: variables of a module that is not registered")
