package runtime

// C calls Go, in cgocallbackg1. On a thread on which Go has called C, the
// goroutine has an image and keeps it. On a thread that C created, the
// goroutine is one that the runtime lends it for the call.

// vnetArrive makes the image of a call current, and returns the goroutine's
// image before it, and whether it changed it.
func vnetArrive() (prev *VnetImage, foreign bool) {
	if getg().m.ncgo != 0 {
		return nil, false
	}
	return VnetSwap(VnetForeign()), true
}

// vnetDepart ends what vnetArrive began.
func vnetDepart(prev *VnetImage, foreign bool) {
	if foreign {
		VnetSwap(prev)
	}
}

// vnetExported returns the name of the exported function by which C called Go
// on a thread of its own, and which this goroutine runs; "" if there is none.
func vnetExported() string {
	if mp := getg().m; !mp.isextra || mp.ncgo != 0 {
		return ""
	}
	pcs := make([]uintptr, 64)
	n := Callers(1, pcs)
	for n == len(pcs) && n < 1<<16 { // it is among the first that were called
		pcs = make([]uintptr, 4*len(pcs))
		n = Callers(1, pcs)
	}
	const stub = "_cgoexp_" // then a hash of 12 digits
	for frames := CallersFrames(pcs[:n]); ; {
		f, more := frames.Next()
		if name := f.Function; len(name) > len(stub)+13 && name[:len(stub)] == stub {
			return name[len(stub)+13:]
		}
		if !more {
			return ""
		}
	}
}
