package vimage

import (
	"os"
	"runtime"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// Exit ends the current image with a status, if it was created with WithExit,
// or by the launcher of vimagegen run; else it ends the process. It does not
// return. While the image is being created, it ends the creation.
func Exit(code int) {
	core.VnetExit(code)
	os.Exit(code)
}

// exit is told of os.Exit in an image of New's. It returns when the process is
// to exit.
func (im *Image) exit(code int) {
	o := im.own()
	c := o.creation.Load()
	switch {
	case c != nil && im.State() != Live:
		own := inside(".(*creation).run")
		c.end(outcome{c.startError(&exitError{code, ""}, exitPlace()), own})
		if !own {
			select {} // stops, as a process's threads do
		}
		runtime.Goexit()
	case inside(".(*registration).run"):
		panic(&exitError{code, exitPlace()})
	case o.exit != nil:
		im.end(func() { o.exit(code) })
		core.VnetVanish(&im.core)
	}
}

// end ends the image as a process ends: at once. Then it runs last in image 0,
// unless the image was over before.
func (im *Image) end(last func()) {
	core.VnetAtExit(&im.core, callerPC())
	if im.exited() {
		core.VnetSwap(core.VnetZero()) // this goroutine's image is no more
		last()
	}
}

// exited leaves the image over, its children too, and reports whether it was
// not before.
func (im *Image) exited() bool {
	for _, child := range im.Children() {
		child.exited()
	}
	if !core.VnetEnd(&im.core, core.VnetExited) {
		return false
	}
	core.VnetStopTimers(&im.core, true)
	im.ended()
	im.hold()
	return true
}

// callerPC returns the return address of the first caller that is not of the
// library, 0 if there is none.
func callerPC() uintptr {
	pcs := make([]uintptr, 32)
	for _, pc := range pcs[:runtime.Callers(2, pcs)] {
		if f, _ := runtime.CallersFrames([]uintptr{pc}).Next(); !library(f.Function) {
			return pc
		}
	}
	return 0
}
