package runtime

import (
	"internal/abi"
	"internal/runtime/sys"
)

// An unrecovered panic ends the image of the goroutine that panics, as it ends
// a process, if the image has a Panic function. All deferred calls have run by
// then, so gopanic is about to print and to end the process; it calls vnetPanic
// first. What the runtime would print is collected in memory: the image's own
// standard error may not be the process's.
//
// The process ends as ever where no image is current or its Panic is nil, and
// on goroutines of the runtime (finalizers, cleanups), which serve all images
// and cannot be parked.
//
// It must not be inlined: its caller's frame begins the trace.
//
//go:noinline
func vnetPanic(p *_panic) {
	gp := getg()
	im := VnetCurrent()
	if im == nil || im.Panic == nil {
		return
	}
	switch findfunc(gp.startpc).funcID {
	case abi.FuncID_runFinalizers, abi.FuncID_runCleanups:
		return
	}
	im.Panic(vnetTrace(p, im, sys.GetCallerPC(), sys.GetCallerSP()))
}

// vnetTrace returns what the runtime prints of an unrecovered panic: first the
// values, without the end of the line; then of which fault the panic was made,
// and the goroutine's stack, or those of all the image's goroutines if
// GOTRACEBACK says so.
func vnetTrace(p *_panic, im *VnetImage, pc, sp uintptr) (values, stacks []byte) {
	level, all, _ := gotraceback()
	for size := 64 << 10; ; size *= 2 {
		buf := make([]byte, size)
		var stw worldStop
		if all {
			stw = stopTheWorld(stwAllGoroutinesStack)
		}
		gp := getg()
		head, n := 0, 0
		systemstack(func() {
			g0 := getg()
			g0.writebuf = buf[0:0:len(buf)]
			printpanics(p)
			head = max(0, len(g0.writebuf)-1)
			vnetPrintSignal(gp)
			if level > 0 {
				print("\n")
				goroutineheader(gp)
				traceback(pc, sp, 0, gp)
				if all {
					tracebacksomeothers(gp, func(other *g) bool { return vnetOfG(other) == im })
				}
			}
			n = len(g0.writebuf)
			g0.writebuf = nil
		})
		if all {
			startTheWorld(stw)
		}
		if n < len(buf) || size >= 16<<20 {
			return buf[:head], buf[head:n]
		}
	}
}

// vnetPrintSignal prints of which fault a panic was made, as dopanic_m does.
func vnetPrintSignal(gp *g) {
	if gp.sig == 0 {
		return
	}
	if name := signame(gp.sig); name != "" {
		print("[signal ", name)
	} else {
		print("[signal ", hex(gp.sig))
	}
	print(" code=", hex(gp.sigcode0), " addr=", hex(gp.sigcode1), " pc=", hex(gp.sigpc), "]\n")
}
