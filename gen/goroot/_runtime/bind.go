package bind

import "runtime"

// vnetBind ties f, which a goroutine of its own will be started to run, to the
// current image. When that image is over by then, f is dropped.
func vnetBind(f func()) func() {
	im := runtime.VnetCurrent()
	if im == nil || f == nil {
		return f
	}
	r := runtime.VnetRefer(im)
	return func() {
		if r.Resume() {
			f()
		}
	}
}
