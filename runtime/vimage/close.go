package vimage

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// Close ends the image in these steps:
//
//	closing    nobody new comes in, and State says so
//	children   are closed first
//	cancel     its context is cancelled
//	timers     its functions of time.AfterFunc that are pending are dropped
//	undo       sysuninit functions, destructors and registrations: see package documentation
//	wait       until its goroutines have ended
//	end        tickers and timers are stopped, the image's state is taken away
//
// If ctx is done before the wait is over, the image ends all the same, and the
// error says what is left, with the stacks of goroutines; it is ctx's error
// too. They panic when they use virtual state again, with the image's name and
// the place of Close, as everybody then does. An error without that means that
// something to undo returned one, or panicked.
//
// Image 0 cannot be closed, nor can an image from inside itself or a
// descendant. Closing an image that is over already does nothing.
func (im *Image) Close(ctx context.Context) error {
	if im == zero() {
		return errors.New("vimage: image 0 cannot be closed")
	}
	for cur := Current(); cur != nil; cur = cur.Parent() {
		if cur != im {
			continue
		}
		if cur = Current(); cur != im {
			return errors.New("vimage: image " + im.Name() + " cannot be closed from inside its child " + cur.Name())
		}
		return errors.New("vimage: image " + im.Name() + " cannot be closed from inside")
	}
	var pc [1]uintptr
	runtime.Callers(2, pc[:])
	return im.close(ctx, pc[0])
}

func (im *Image) close(ctx context.Context, pc uintptr) error {
	if !core.VnetClose(&im.core, pc) {
		if im.State() < Closed {
			return errors.New("vimage: image " + im.Name() + " is " + im.State().String() + " already")
		}
		return nil
	}
	e := &closeError{image: im.Name()}
	for _, child := range im.Children() {
		if err := child.closeAsChild(ctx, pc); err != nil {
			e.errs = append(e.errs, err)
		}
	}
	im.cancelContext()
	core.VnetStopTimers(&im.core, false)
	quiet := func() bool { return core.VnetClaims(&im.core) == 0 }
	ok := poll(ctx, quiet)
	var u *undoing
	if ok {
		u = im.undo()
		select {
		case <-u.done:
		case <-ctx.Done():
			ok = false
		}
	}
	empty := func() bool { return core.VnetBusy(&im.core) == 0 && quiet() }
	ok = ok && poll(ctx, empty)
	core.VnetLastCall(&im.core)
	ok = ok && poll(ctx, empty)
	for _, entry := range core.VnetEntries(&im.core) { // those that cannot be undone, or were made after
		e.errs = append(e.errs, errors.New("vimage: image "+im.Name()+": "+entry.What+" cannot be undone ("+core.VnetPlace(entry.At)+")"))
	}
	if !ok {
		e.left(ctx, im)
	}
	core.VnetStopTimers(&im.core, true)
	poison := im.poisoner()
	core.VnetEnd(&im.core, core.VnetClosed)
	poison()
	im.ended()
	if u != nil {
		if err := u.report(); err != nil {
			e.errs = append(e.errs, err)
		}
	}
	if ok && len(e.errs) == 0 {
		return nil
	}
	im.setCloseError(e)
	return e
}

// closeAsChild closes an image that may still be starting: then its creation
// fails.
func (im *Image) closeAsChild(ctx context.Context, pc uintptr) error {
	if c := im.own().creation.Load(); c != nil {
		c.end(outcome{c.startError(errParent, ""), false})
		select {
		case <-c.settled:
		case <-ctx.Done():
		}
	}
	if im.State() == Closing { // by somebody else
		select {
		case <-im.whenGone():
		case <-ctx.Done():
		}
	}
	return im.close(ctx, pc)
}

// poll waits until done is, or ctx, and reports which.
func poll(ctx context.Context, done func() bool) bool {
	const shortest, longest = 20 * time.Microsecond, 10 * time.Millisecond
	for i, pause := 0, shortest; ; i++ {
		if done() {
			return true
		}
		if i < 4 {
			runtime.Gosched()
			continue
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
		}
		pause = min(2*pause, longest)
	}
}

// A closeError tells what is left of an image that was closed.
type closeError struct {
	image string
	cause error    // the context's
	rest  []string // what is left, a line each
	stack string   // of the goroutines that are left
	errs  []error  // of children and of what was undone
}

// left notes what there is.
func (e *closeError) left(ctx context.Context, im *Image) {
	e.cause = context.Cause(ctx)
	count := func(n int, what string) {
		if n > 0 {
			e.rest = append(e.rest, strconv.Itoa(n)+" "+what)
		}
	}
	count(core.VnetBusy(&im.core), "running")
	count(core.VnetTimers(&im.core), "timers set")
	count(core.VnetClaims(&im.core), "modules being registered or unregistered")
	count(core.VnetLeft(&im.core), "modules not destructed")
	e.stack = core.VnetStacks(&im.core)
}

func (e *closeError) Error() string {
	var s []string
	if e.cause != nil {
		s = append(s, "vimage: image "+e.image+" closed with "+strings.Join(e.rest, ", ")+": "+e.cause.Error())
	}
	for _, err := range e.errs {
		s = append(s, err.Error())
	}
	if e.stack != "" {
		s = append(s, "", e.stack)
	}
	return strings.Join(s, "\n")
}

func (e *closeError) Unwrap() []error {
	if e.cause != nil {
		return append([]error{e.cause}, e.errs...)
	}
	return e.errs
}
