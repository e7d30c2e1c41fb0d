package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// The g slot: the current image is a field of the running goroutine's g.
// newproc1 lets a new goroutine inherit it, gdestroy clears it. A second field
// says in which image the goroutine counts as one of its own.

const (
	vnetScans = false
	vnetKnows = true
)

// VnetCurrent returns the image of this goroutine, nil if it has none.
func VnetCurrent() *VnetImage { return getg().vnet }

// Vnet is the hook's body: the current image's container at off.
func Vnet(off uintptr) unsafe.Pointer { return vnetContainer(getg().vnet, off) }

// VnetClockOf returns the clock of this goroutine's image, nil for the
// system's. On the system stack it is that of the timer whose function runs.
func VnetClockOf() *VnetClock {
	gp := getg()
	if gp == gp.m.g0 {
		return gp.m.vnetClk
	}
	if im := gp.vnet; im != nil {
		return im.Clock
	}
	return nil
}

// VnetSwap makes im, which may be nil, the image of this goroutine and returns
// the one before. It must not be inlined: in a caller under the race detector
// the store would be instrumented, and seen to race with the goroutine that
// had this g before.
//
//go:noinline
func VnetSwap(im *VnetImage) *VnetImage {
	gp := getg()
	prev := gp.vnet
	if gp.labels != nil && prev != im {
		vnetRelabel(gp, im)
	}
	gp.vnet = im
	return prev
}

// VnetSettle makes im, which may be nil, the image of this goroutine for the
// rest of its life. It must not be inlined, as VnetSwap.
//
//go:noinline
func VnetSettle(im *VnetImage) {
	gp := getg()
	old := gp.vnetHome
	vnetBorn(im)
	if gp.labels != nil {
		vnetRelabel(gp, im)
	}
	gp.vnet, gp.vnetHome = im, im
	vnetDied(old)
}

// vnetInherited returns the image of a goroutine that gp starts. A timer's
// function starts its goroutine in none: it takes one by itself (see vnetBind).
func vnetInherited(gp *g) *VnetImage {
	if gp == gp.m.g0 {
		return nil
	}
	return gp.vnet
}

// vnetFire lets the function of a timer, which runs on the system stack, find
// the containers of the timer's image. It reports false where the image is over
// and the function would send to a channel of it.
//
// The hooks read only the image's first field. The image that they find here
// consists of no more than that: an image that ends meanwhile cannot be waited
// for on the system stack.
func vnetFire(t *timer) bool {
	im := t.vnet
	if im == nil {
		return true
	}
	tab := vnetLoad(&im.tab)
	if tab == nil {
		return !t.isChan
	}
	gp := getg()
	gp.m.vnetTab, gp.m.vnetClk = tab, im.Clock
	gp.vnet = (*VnetImage)(unsafe.Pointer(&gp.m.vnetTab))
	return true
}

// vnetFired ends what vnetFire began.
func vnetFired() {
	gp := getg()
	gp.vnet = nil
	gp.m.vnetTab, gp.m.vnetClk = nil, nil
}

// vnetBorn counts a goroutine, in newproc1.
func vnetBorn(im *VnetImage) *VnetImage {
	if im != nil && im != &vnet0 {
		atomic.Xaddint32(&im.users, 1)
	}
	return im
}

// vnetDied ends what vnetBorn began, in gdestroy.
func vnetDied(im *VnetImage) {
	if im != nil && im != &vnet0 {
		atomic.Xaddint32(&im.users, -1)
	}
}

// VnetBusy returns how many goroutines and calls are in im.
func VnetBusy(im *VnetImage) int {
	if im != &vnet0 {
		return int(atomic.Loadint32(&im.users))
	}
	n := 0
	forEachGRace(func(gp *g) {
		if vnetMember(gp, im) {
			n++
		}
	})
	return n
}

func vnetOfG(gp *g) *VnetImage { return gp.vnet }

// VnetVanish ends the calling goroutine, in whose image os.Exit was called: at
// once, as an exit stops a thread, without deferred functions. So its stack is
// let go. It is parked for ever where others need it or its thread: if it was
// born in another image, or stands in a call from C.
func VnetVanish(im *VnetImage) {
	gp := getg()
	if gp.vnetHome == im && im != nil && gp.m.ncgo == 0 && !gp.m.isextra && gp.coroarg == nil {
		goexit1()
	}
	block()
}

// vnetTimed is called for every timer that package time makes.
func vnetTimed() *VnetImage {
	im := getg().vnet
	if im != nil && im != &vnet0 && atomic.Load(&im.timed) == 0 {
		atomic.Store(&im.timed, 1)
	}
	return im
}

// VnetKnowsTimers says whether VnetTimers knows an image's timers.
const VnetKnowsTimers = true

// VnetTimers returns how many timers of im are set, of those that the scheduler
// has to look after: a channel's timer is none unless somebody waits for it.
func VnetTimers(im *VnetImage) int {
	var found [1]*timer
	return vnetFindTimers(im, true, found[:0])
}

// VnetStopTimers stops im's timers, or only those with a function, and returns
// how many.
func VnetStopTimers(im *VnetImage, all bool) int {
	var found [32]*timer
	stopped := 0
	for {
		n := vnetFindTimers(im, all, found[:])
		for _, t := range found[:min(n, len(found))] {
			if t.stop() {
				stopped++
			}
		}
		if n <= len(found) {
			return stopped
		}
	}
}

// vnetFindTimers fills found, as far as it reaches, and returns how many there
// are.
func vnetFindTimers(im *VnetImage, all bool, found []*timer) int {
	if atomic.Load(&im.timed) == 0 && im != &vnet0 {
		return 0
	}
	n := 0
	// As timeSleepUntil does; nothing is allocated under these locks.
	lock(&allpLock)
	for _, pp := range allp {
		if pp == nil {
			continue
		}
		pp.timers.lock()
		for _, tw := range pp.timers.heap {
			t := tw.timer
			if t.vnet != im || t.isChan && !all || t.astate.Load()&timerZombie != 0 {
				continue
			}
			if n < len(found) {
				found[n] = t
			}
			n++
		}
		pp.timers.unlock()
	}
	unlock(&allpLock)
	return n
}
