package vimage

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// An Option is a wish for New.
type Option func(*Image)

// WithName names the image, in errors and in profiles. Names may repeat.
func WithName(name string) Option { return func(im *Image) { im.core.Name = name } }

// WithArgs gives the image its own os.Args, the program's name first. It has no
// effect where package os is not virtual, which it is in builds made by vimagegen.
func WithArgs(args ...string) Option {
	return func(im *Image) { im.core.Args = append([]string{}, args...) }
}

// WithExit has os.Exit, called in the image, end the image alone: its goroutines
// are parked for ever, the calling one included, and exit is told the
// status, in image 0. Without it, os.Exit ends the process. An exit
// while New starts the packages means that New does not return. It has no effect
// where package os is not rewritten, as it is in builds made by vimagegen;
// Exit of this package works everywhere.
func WithExit(exit func(code int)) Option {
	return func(im *Image) {
		im.core.Exit = func(code int) {
			im.end(func() { exit(code) })
			select {}
		}
	}
}

// New creates an image and starts all packages in it. The goroutine that calls
// New runs them. When a package panics, New returns an error that names it and the
// place; then nothing of the image remains, except what the packages started before
// did to the world outside.
func New(opts ...Option) (*Image, error) {
	if cur := core.VnetCurrent(); cur != nil && core.VnetState(cur) == core.VnetStarting {
		return nil, errors.New("vimage: New called by a package that is being started in image " + cur.Name)
	}
	im := new(Image)
	for _, opt := range opts {
		opt(im)
	}
	core.VnetCreate(&im.core)
	if err := im.try(); err != nil {
		return nil, err
	}
	return im, nil
}

// try is start with a panic made an error.
func (im *Image) try() (err error) {
	var at string
	done := false
	defer func() {
		if done {
			return
		}
		// Either a panic, or runtime.Goexit, which goes on after this.
		where := place()
		core.VnetEnd(&im.core, core.VnetExited) // what was started in it must not run on
		err = &startError{image: im.Name(), path: at, cause: recover(), where: where}
	}()
	im.start(func(m *core.VnetModule) bool { at = m.Path; return true }, nil)
	done = true
	return nil
}

// start starts the packages in im that wanted, which is asked right before, agrees to. Once package os is
// started it calls afterOS, in the image.
func (im *Image) start(wanted func(m *core.VnetModule) bool, afterOS func()) {
	prev := core.VnetSwap(&im.core)
	defer core.VnetSwap(prev)
	for i := 0; ; {
		var m *core.VnetModule
		if m, i = core.VnetNext(&im.core, i); m == nil {
			return
		}
		if !wanted(m) {
			continue
		}
		m.Init()
		if m.Path == "os" {
			im.setArgs()
			if afterOS != nil {
				afterOS()
			}
		}
	}
}

func everything(*core.VnetModule) bool { return true }

// setArgs is a function of its own because the rewriter has a function take its
// containers at its head: here the image is current by then.
func (im *Image) setArgs() {
	if im.core.Args != nil {
		os.Args = im.core.Args
	}
}

// end ends the image as a process ends: at once. Then it runs last in image 0,
// unless the image was over before.
func (im *Image) end(last func()) {
	if core.VnetEnd(&im.core, core.VnetExited) {
		core.VnetSwap(core.VnetZero()) // this goroutine's image is no more
		last()
	}
}

// A startError says why an image was not created.
type startError struct {
	image, path, where string
	cause              any // what was panicked with; nil for runtime.Goexit
}

func (e *startError) Error() string {
	s := "vimage: image " + e.image + " not created: package " + e.path + ": "
	if e.cause == nil {
		return s + "runtime.Goexit called"
	}
	s += "panic: " + show(e.cause)
	if e.where != "" {
		s += " (" + e.where + ")"
	}
	return s
}

func (e *startError) Unwrap() error {
	err, _ := e.cause.(error)
	return err
}

func show(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case interface{ String() string }:
		return v.String()
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	}
	return "a value that is neither error nor string"
}

// place returns file and line of the latest panic, seen from a deferred function.
func place() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicking := false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicking = true
		case panicking && !strings.HasPrefix(f.Function, "runtime."):
			return f.File + ":" + strconv.Itoa(f.Line)
		}
		if !more {
			return ""
		}
	}
}
