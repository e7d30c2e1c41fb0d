package runtime

// An image's look at the process's goroutines shows its own.

// vnetGoroutines counts the current image's goroutines, for NumGoroutine.
func vnetGoroutines() (int, bool) {
	im := VnetCurrent()
	if im == nil || im == &vnet0 {
		return 0, false
	}
	n := 0
	forEachGRace(func(gp *g) {
		if vnetMember(gp, im) && !isSystemGoroutine(gp, false) {
			n++
		}
	})
	return n, true
}

// vnetTracebackOthers prints the stacks of the others in the image of goroutine
// me, for Stack.
func vnetTracebackOthers(me *g) {
	im := vnetOfG(me)
	if im == nil || im == &vnet0 {
		tracebackothers(me)
		return
	}
	tracebacksomeothers(me, func(gp *g) bool { return vnetOfG(gp) == im })
}
