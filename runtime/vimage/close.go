package vimage

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// Close lets nobody new into the image, waits until its goroutines have ended or ctx
// is done, and takes the image's state away. Its pending time.AfterFunc and
// context.AfterFunc calls are dropped. If goroutines remain, the error
// lists their stacks, and it is ctx's error too; they panic when they use
// virtual state again, with the image's name, as everybody then does.
//
// Image 0 cannot be closed, nor can an image from inside itself. Closing an image
// that is over already does nothing.
func (im *Image) Close(ctx context.Context) error {
	switch {
	case im == zero():
		return errors.New("vimage: image 0 cannot be closed")
	case im == Current():
		return errors.New("vimage: image " + im.Name() + " cannot be closed from inside")
	case !core.VnetClose(&im.core):
		if core.VnetState(&im.core) == core.VnetClosing {
			return errors.New("vimage: image " + im.Name() + " is being closed already")
		}
		return nil
	}
	defer core.VnetEnd(&im.core, core.VnetClosed)
	const longest = 10 * time.Millisecond
	for pause := 20 * time.Microsecond; ; pause = min(2*pause, longest) {
		busy := core.VnetBusy(&im.core)
		if busy == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return &remainError{im.Name(), busy, core.VnetStacks(&im.core), context.Cause(ctx)}
		case <-time.After(pause):
		}
	}
}

// A remainError tells of an image's goroutines that did not end in time.
type remainError struct {
	image  string
	busy   int
	stacks string
	cause  error
}

func (e *remainError) Error() string {
	return "vimage: image " + e.image + " closed with " + strconv.Itoa(e.busy) + " running: " +
		e.cause.Error() + "\n\n" + e.stacks
}

func (e *remainError) Unwrap() error { return e.cause }
