package runtime

import (
	"internal/goarch"
	"internal/runtime/atomic"
)

// vnetEmpty reports whether it is certain that no goroutine is in im, or about
// to return into it, although the world is not stopped. False is for: not
// known.
//
// A single look through the goroutines can miss one: parent A, whose slot comes
// late, starts B in a slot that was passed already, and ends. So two looks are
// made, and count if no goroutine was started meanwhile, which shows in the ids
// that the processors give out, and nobody left im for a call in another image
// (trips).
//
// Why that is enough. Assume that B is in im at the end. It was not when the
// second look passed its slot, so it was published after. The id was taken
// within the same newproc1 of A, before or after B's publication. The sums are
// equal, so this did not become visible between the first sum and the last. If
// it did after the last, A was in newproc1 at the second look, which found
// nobody: so A was itself published after its slot was passed, and had its id,
// visibly, before it ran: the sums would differ. If it did before the first, A
// was in newproc1 from there to B's publication, and the first look would have
// found it.
//
// This takes it that stores become visible in the order of the program, and
// loads are made in that order, as on amd64. Who enters an image makes the
// label visible, by an atomic operation, before looking at the image's state.
func vnetEmpty(im *VnetImage) bool {
	if goarch.IsAmd64 == 0 {
		return false
	}
	trips := atomic.Loadint32(&im.trips)
	if atomic.Loadint32(&im.users) != 0 {
		return false
	}
	births := vnetBirths()
	return vnetCount(im) == 0 && vnetBirths() == births && vnetCount(im) == 0 && vnetBirths() == births &&
		atomic.Loadint32(&im.trips) == trips
}

// vnetBirths returns a number that grows with each goroutine that is started. A
// processor's next id only grows.
func vnetBirths() uint64 {
	lock(&allpLock)
	sum := sched.goidgen.Load()
	for _, pp := range allp {
		if pp != nil {
			sum += atomic.Load64(&pp.goidcache)
		}
	}
	unlock(&allpLock)
	return sum
}
