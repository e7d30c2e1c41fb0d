package signal

import (
	"os"
	"runtime"
)

// vnetCancel is cancel for the channels of the current image, while there are
// others. The action is taken when no image has a channel for the signal.
func vnetCancel(sigs []os.Signal, action func(int)) bool {
	all := runtime.VnetImages()
	im := runtime.VnetCurrent()
	if im == nil {
		im = runtime.VnetZero()
	}
	if len(all) == 1 && im == all[0] {
		return false
	}
	mine := func(c chan<- os.Signal) bool {
		if im != runtime.VnetZero() {
			return runtime.VnetNoted(im, c)
		}
		for _, other := range all { // image 0's are not noted
			if other != im && runtime.VnetNoted(other, c) {
				return false
			}
		}
		return true
	}
	handlers.Lock()
	defer handlers.Unlock()
	remove := func(n int) {
		if n < 0 {
			return
		}
		for c, h := range handlers.m {
			if h.want(n) && mine(c) {
				handlers.ref[n]--
				h.clear(n)
				if h.mask == (handler{}).mask {
					delete(handlers.m, c)
				}
			}
		}
		if handlers.ref[n] == 0 {
			action(n)
		}
	}
	if len(sigs) == 0 {
		for n := range numSig {
			remove(n)
		}
	}
	for _, s := range sigs {
		remove(signum(s))
	}
	return true
}
