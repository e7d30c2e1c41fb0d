package vimage

import (
	"context"
	"errors"
	"iter"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// An Image is one instance of the program's virtual state. It is handled by
// pointer, and not copied.
type Image struct {
	// Nothing but this: the runtime hands out pointers to it, and Current
	// makes an *Image of one without a further load. The rest is in core.Own.
	core core.VnetImage
}

// own is what this package adds to an image.
type own struct {
	parent   *Image
	deadline time.Time
	exit     func(code int)
	created  time.Time
	clockErr error                    // what is wrong with the clock that it was given
	creation atomic.Pointer[creation] // while New is at work

	mu       sync.Mutex
	children []*Image // that are not over, by age
	ctx      context.Context
	cancel   context.CancelCauseFunc
	gone     chan struct{} // closed when the image is over; nil until somebody asks
	files    []*os.File    // standard files that are the image's alone, where descriptors are not looked up

	cancelled, over bool
	closeErr        error // what Close returned
}

var zeroOwn = own{created: time.Now()}

func (im *Image) own() *own {
	if o, ok := im.core.Own.(*own); ok {
		return o
	}
	return &zeroOwn
}

// newImage returns an image that is not created yet.
func newImage() *Image {
	im := new(Image)
	im.core.Own = &own{created: time.Now()}
	return im
}

// Current returns the image of this goroutine, nil if it has none.
func Current() *Image { return (*Image)(unsafe.Pointer(core.VnetCurrent())) }

// Zero returns image 0, which exists from start-up and which main runs in.
// Under vimagegen run and test the program is not started there, but in images
// of their own; then the first call of Zero starts it.
func Zero() *Image {
	if core.VnetDeferred() {
		startZero.Do(func() {
			s := startup{im: zero(), wanted: func(m *core.VnetModule) bool { return !m.Std }}
			if err := s.run(); err != nil {
				panic(err)
			}
		})
	}
	return zero()
}

var startZero sync.Once

func zero() *Image { return (*Image)(unsafe.Pointer(core.VnetZero())) }

// All returns the live images, image 0 first, then by age. Those created while
// it is read are not in it, and those closed meanwhile may be.
func All() iter.Seq[*Image] {
	images := core.VnetImages()
	return func(yield func(*Image) bool) {
		for _, im := range images {
			if !yield((*Image)(unsafe.Pointer(im))) {
				return
			}
		}
	}
}

// ID returns the image's number: 0 for image 0, and never used twice.
func (im *Image) ID() uint64 { return im.core.ID }

// Name returns the image's name, "vnet" and the ID if it was given none.
func (im *Image) Name() string { return im.core.Name }

// String returns the name.
func (im *Image) String() string { return im.core.Name }

// Created returns when New was called, or the process started.
func (im *Image) Created() time.Time { return im.own().created }

// Parent returns the image's parent, nil if it has none.
func (im *Image) Parent() *Image { return im.own().parent }

// Children returns the image's children that are not over, by age.
func (im *Image) Children() []*Image {
	o := im.own()
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.children)
}

// A State is how far an image has come in its life.
type State int

// States are passed through in this order.
const (
	Starting State = iota // New starts its packages
	Live
	Closing // nobody new comes in
	Closed
	Exited // its program has ended by Exit, or New has failed
)

var stateNames = [...]string{"starting", "live", "closing", "closed", "exited"}

func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "State(" + strconv.Itoa(int(s)) + ")"
	}
	return stateNames[s]
}

// State returns the image's state. Code of the image asks it whether to begin
// something new.
func (im *Image) State() State {
	switch core.VnetState(&im.core) {
	case core.VnetStarting:
		return Starting
	case core.VnetLive:
		return Live
	case core.VnetClosed:
		return Closed
	case core.VnetExited:
		return Exited
	}
	return Closing
}

// errClosing is the cause of the end of an image's context.
var errClosing = errors.New("vimage: the image is closing")

// Context returns a context that is cancelled when the image closes or ends in
// another way. Image 0's never is.
func (im *Image) Context() context.Context {
	o := im.own()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ctx == nil {
		parent := context.Background()
		if o.parent != nil {
			parent = o.parent.Context()
		}
		o.ctx, o.cancel = context.WithCancelCause(parent)
		if o.cancelled {
			o.cancel(errClosing)
		}
	}
	return o.ctx
}

func (im *Image) cancelContext() {
	o := im.own()
	o.mu.Lock()
	cancel := o.cancel
	o.cancelled = true
	o.mu.Unlock()
	if cancel != nil {
		cancel(errClosing)
	}
}

// adopt makes im a child, which may be starting, of a live image.
func (im *Image) adopt(child *Image) error {
	o := im.own()
	o.mu.Lock()
	defer o.mu.Unlock()
	if s := im.State(); s != Live { // looked at under the lock that Close takes after it changed the state
		return errors.New("vimage: image " + child.Name() + " not created: its parent " + im.Name() + " is " + s.String())
	}
	o.children = append(o.children, child)
	return nil
}

// ended is called once when the image is over.
func (im *Image) ended() {
	o := im.own()
	im.cancelContext()
	im.closeFiles()
	o.mu.Lock()
	o.over = true
	if o.gone != nil {
		close(o.gone)
	}
	o.mu.Unlock()
	if o.parent == nil {
		return
	}
	p := o.parent.own()
	p.mu.Lock()
	if i := slices.Index(p.children, im); i >= 0 {
		p.children = slices.Delete(p.children, i, i+1)
	}
	p.mu.Unlock()
}

// whenGone returns a channel that is closed when the image is over.
func (im *Image) whenGone() <-chan struct{} {
	o := im.own()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone == nil {
		o.gone = make(chan struct{})
		if o.over {
			close(o.gone)
		}
	}
	return o.gone
}
