//go:build unix

package runtime

import "internal/runtime/atomic"

// vnetSigpipe is called where a failed write to standard output or standard
// error raises SIGPIPE, at the head of os_sigpipe. The signal would end the
// process; it ends the image in which the write was, with the status that a
// shell reports for it. A program's only image, image 0, and all of them if one
// handles or ignores the signal, go the process's way.
func vnetSigpipe() {
	im := VnetCurrent()
	if im == nil || im == VnetForeign() || signal_ignored(_SIGPIPE) {
		return
	}
	if sig.inuse && atomic.Load(&sig.wanted[_SIGPIPE/32])&(1<<(_SIGPIPE&31)) != 0 {
		return
	}
	VnetExit(128 + _SIGPIPE)
}
