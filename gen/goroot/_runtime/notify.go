package signal

import (
	"os"
	"runtime"
)

// vnetNotify is called at the head of Notify: the registry of channels is the
// process's, so that an image's must leave it with the image.
func vnetNotify(c chan<- os.Signal) {
	im := runtime.VnetCurrent()
	if im == nil || im == runtime.VnetZero() || c == nil {
		return
	}
	if runtime.VnetNoted(im, c) {
		return
	}
	var pcs [1]uintptr
	runtime.Callers(3, pcs[:])
	runtime.VnetNote(im, &runtime.VnetEntry{Key: c, What: "os/signal.Notify", At: pcs[0], Undo: func() { Stop(c) }})
}

// vnetStop is called at the head of Stop.
func vnetStop(c chan<- os.Signal) {
	if c != nil {
		runtime.VnetStrikeKey(c)
	}
}
