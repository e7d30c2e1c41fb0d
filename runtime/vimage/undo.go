package vimage

import (
	"errors"
	"sync"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// An undoing runs what has to run at an image's end, in the image, in stages:
//
//	sysuninit      the sysuninit functions, in the reverse order of sysinit; when the creation failed in a sysinit
//	               function, those that stand before that
//	modules        the destructors of modules, in the reverse order of construction
//	registrations  what takes the image's entries out of registries of the process, latest first
//
// An error or a panic of one does not keep the next from running.
type undoing struct {
	im   *Image
	done chan struct{}

	sysuninits []*core.VnetSysinit // that are left

	mu    sync.Mutex
	doing string // what runs now, with its place
	errs  []error
}

// undo starts it.
func (im *Image) undo() *undoing {
	u := &undoing{im: im, done: make(chan struct{})}
	u.sysuninits = core.VnetSysuninits(&im.core)
	if c := im.own().creation.Load(); c != nil && !c.started.Load() {
		u.sysuninits = nil
	} else if c != nil {
		if failed := c.sysinit.Load(); failed != nil {
			kept := u.sysuninits[:0]
			for _, f := range u.sysuninits {
				if f.Before(failed) {
					kept = append(kept, f)
				}
			}
			u.sysuninits = kept
		}
	}
	if len(u.sysuninits) == 0 && core.VnetLeft(&im.core) == 0 && len(core.VnetEntries(&im.core)) == 0 {
		close(u.done)
		return u
	}
	go u.run()
	return u
}

func (u *undoing) run() {
	core.VnetSettle(&u.im.core)
	ended := false
	defer func() {
		core.VnetSettle(nil)
		if ended {
			close(u.done)
		} else {
			go u.run() // one of them called runtime.Goexit: on with the next
		}
	}()
	for len(u.sysuninits) > 0 {
		f := u.sysuninits[0]
		u.sysuninits = u.sysuninits[1:]
		u.call("sysuninit function "+f.Name, f.Pos, f.Run)
	}
	for m := core.VnetPop(&u.im.core); m != nil; m = core.VnetPop(&u.im.core) {
		u.destruct(m)
	}
	for _, e := range core.VnetEntries(&u.im.core) {
		if e.Undo != nil && core.VnetStrike(&u.im.core, e) {
			u.call("undoing "+e.What, core.VnetPlace(e.At), func() error { e.Undo(); return nil })
		}
	}
	ended = true
}

func (u *undoing) destruct(m *core.VnetModule) {
	defer core.VnetPopped(m)
	if m.Stop != nil {
		u.call("destructor of module "+m.Path, funcPlace(m.Stop), m.Stop)
	}
}

// call calls one.
func (u *undoing) call(what, where string, f func() error) {
	u.mu.Lock()
	u.doing = what + " (" + where + ")"
	u.mu.Unlock()
	returned := false
	var err error
	defer func() {
		if !returned {
			if v := recover(); v != nil {
				err = errors.New("panic: " + show(v))
			} else {
				err = errors.New("runtime.Goexit called")
			}
			where = place()
		}
		u.mu.Lock()
		u.doing = ""
		if err != nil {
			u.errs = append(u.errs, &undoError{u.im.Name(), what, where, err})
		}
		u.mu.Unlock()
	}()
	err = f()
	returned = true
}

// running says what runs, "" if nothing does.
func (u *undoing) running() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.doing
}

// report returns the errors so far, among them what still runs.
func (u *undoing) report() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	errs := u.errs[:len(u.errs):len(u.errs)]
	if u.doing != "" {
		errs = append(errs, errors.New("vimage: image "+u.im.Name()+": still running: "+u.doing))
	}
	return errors.Join(errs...)
}

// An undoError is one of an undoing.
type undoError struct {
	image, what, where string
	err                error
}

func (e *undoError) Error() string {
	return "vimage: image " + e.image + ": " + e.what + ": " + e.err.Error() + " (" + e.where + ")"
}

func (e *undoError) Unwrap() error { return e.err }
