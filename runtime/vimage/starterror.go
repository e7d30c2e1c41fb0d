package vimage

import (
	"context"
	"errors"
	"strconv"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// A startError says why an image was not created.
type startError struct {
	image, what, where string
	cause              any // what was panicked with; an error that was returned; nil for runtime.Goexit
	panicked           bool
}

func (e *startError) Error() string {
	s := "vimage: image " + e.image + " not created: " + e.what
	switch {
	case e.cause == nil:
		s += ": runtime.Goexit called"
	case e.panicked:
		s += ": panic: " + show(e.cause)
	default:
		s += ": " + show(e.cause)
	}
	if e.where != "" {
		s += " (" + e.where + ")"
	}
	return s
}

func (e *startError) Unwrap() error {
	err, _ := e.cause.(error)
	return err
}

var errDeadline = &deadlineError{}

type deadlineError struct{}

func (*deadlineError) Error() string        { return "still running at the deadline" }
func (*deadlineError) Is(target error) bool { return target == context.DeadlineExceeded }

// An exitError is an exit while an image was being created, or of a
// constructor.
type exitError struct {
	code  int
	where string
}

func (e *exitError) Error() string { return "exit with status " + strconv.Itoa(e.code) }

var errParent = errors.New("its parent is closing")

// startError says what the creation was at when it ended by v, which was
// panicked with if the place is known.
func (c *creation) startError(v any, where string) error {
	e := &startError{image: c.im.Name(), what: "no package started yet", where: where, cause: v}
	switch err := v.(type) {
	case *core.VnetSysinitError:
		e.what, e.cause, e.where = "sysinit function "+err.Of.Name, err.Err, err.Of.Pos
		return e
	case *constructorError:
		e.what, e.cause, e.where = "module "+err.module, err.err, err.place
		return e
	case *deadlineError, *exitError:
	default:
		e.panicked = true
	}
	if f := c.sysinit.Load(); f != nil {
		e.what = "sysinit function " + f.Name
	} else if m := c.module.Load(); m != nil {
		e.what = kind(m) + " " + m.Path
	}
	return e
}

func kind(m *core.VnetModule) string {
	if m.Late {
		return "module"
	}
	return "package"
}

// hex spells a pointer as a stack trace does.
func hex[T any](p *T) string {
	return "0x" + strconv.FormatUint(uint64(uintptr(unsafe.Pointer(p))), 16)
}
