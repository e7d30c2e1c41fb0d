package vimage

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// New creates an image and starts all packages in it, on a goroutine of its
// own. When a package panics, exits, or calls runtime.Goexit, or when a
// constructor or sysinit function returns an error, New returns an error that
// names it and the place; then what was built is undone in reverse, and nothing
// of the image remains, except what the packages started before did to the
// world outside. In a binary where images would separate nothing it returns the
// error of [Available].
func New(opts ...Option) (*Image, error) {
	if err := Available(); err != nil {
		return nil, err
	}
	if cur := core.VnetCurrent(); cur != nil && core.VnetState(cur) == core.VnetStarting {
		return nil, errors.New("vimage: New called by a package that is being started in image " + cur.Name)
	}
	im := newImage()
	for _, opt := range opts {
		opt(im)
	}
	o := im.own()
	if err := im.startClock(); err != nil {
		return nil, err
	}
	c := newCreation(im)
	o.creation.Store(c)
	im.core.Exit = im.exit
	if o.exit != nil {
		im.core.Panic = func(values, stacks []byte) {
			var stderr *os.File
			zero().Do(func() { stderr = os.Stderr })
			im.panicked(stderr, values, stacks)
		}
	}
	if p := o.parent; p != nil {
		core.VnetName(&im.core)
		if im.core.Env == nil && p.core.Env != nil {
			p.Do(func() { im.core.Env = environ() })
		}
		if err := p.adopt(im); err != nil {
			return nil, err
		}
	}
	core.VnetCreate(&im.core)
	go c.run()
	err := c.wait()
	if err != nil {
		err = c.unwind(err)
	}
	o.creation.Store(nil)
	close(c.settled)
	if err != nil {
		return nil, err
	}
	return im, nil
}

// A creation is New at work. There are three ways for it to end: run ends by
// itself; somebody ends it, from inside or from outside; or its time is over.
// The first counts.
type creation struct {
	startup
	began    time.Time
	result   chan outcome
	finished chan struct{} // closed when run has ended
	settled  chan struct{} // closed when New is about to return
}

type outcome struct {
	err      error
	finishes bool // run has ended, or is about to
}

func newCreation(im *Image) *creation {
	return &creation{
		startup:  startup{im: im},
		began:    time.Now(),
		result:   make(chan outcome, 1),
		finished: make(chan struct{}),
		settled:  make(chan struct{}),
	}
}

// end ends the creation, if nobody did before.
func (c *creation) end(o outcome) {
	select {
	case c.result <- o:
	default:
	}
}

// run is the goroutine that starts the packages. Its stack is looked for by its
// name.
//
//go:noinline
func (c *creation) run() {
	core.VnetSettle(&c.im.core)
	done := false
	var err error
	defer func() {
		if !done {
			// Either a panic, or runtime.Goexit, which goes on after this.
			err = c.startError(recover(), place())
		}
		core.VnetSettle(nil) // before New goes on: Close need not wait for this goroutine's death
		c.end(outcome{err, true})
		close(c.finished)
	}()
	if err = c.im.setDir(); err == nil {
		err = c.startup.run()
	}
	if err != nil {
		err = c.startError(err, "")
	}
	done = true
}

// wait returns how the creation ended.
func (c *creation) wait() error {
	var late <-chan time.Time
	if d := c.im.own().deadline; !d.IsZero() {
		timer := time.NewTimer(time.Until(d))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case o := <-c.result:
		if o.finishes {
			select {
			case <-c.finished:
			case <-late: // deferred functions that do not return
			}
		}
		return o.err
	case <-late:
		return c.startError(errDeadline, stackPlace(".(*creation).run("+hex(c)))
	}
}

// unwind undoes what there is of the image, and returns the error that New
// returns. It returns nil when the image has come to live after all.
func (c *creation) unwind(err error) error {
	im := c.im
	if !core.VnetAbandon(&im.core) {
		return nil
	}
	im.cancelContext()
	core.VnetStopTimers(&im.core, false)
	u := im.undo()
	ctx := context.Background()
	if d := im.own().deadline; !d.IsZero() { // as long again as it was given
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, d.Sub(c.began))
		defer cancel()
	}
	select {
	case <-u.done:
	case <-ctx.Done():
	}
	// Unregister may have taken a module off the image, and be destructing it.
	poll(ctx, func() bool { return core.VnetClaims(&im.core) == 0 })
	im.exited()
	if more := u.report(); more != nil {
		err = errors.Join(err, more)
	}
	return err
}
