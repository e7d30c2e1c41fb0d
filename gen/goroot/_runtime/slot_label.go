package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// Goroutines are looked for where it matters, not counted.
const (
	vnetScans = true
	vnetKnows = true
)

// Where the label slot finds the labels, and what it asks of runtime/pprof.

//go:nosplit
func vnetGetLabels() unsafe.Pointer { return getg().labels }

// vnetSetLabels is runtime_setProfLabel without vnetKeep.
func vnetSetLabels(labels unsafe.Pointer) {
	if raceenabled {
		racereleasemerge(unsafe.Pointer(&labelSync))
	}
	getg().labels = labels
}

func vnetOfG(gp *g) *VnetImage { return vnetOf((*vnetLabels)(gp.labels)) }

// vnetKeep is called at the head of runtime_setProfLabel: labels that replace
// others take the image over.
func vnetKeep(labels unsafe.Pointer) unsafe.Pointer {
	im := vnetOf((*vnetLabels)(getg().labels))
	if im == nil || vnetOf((*vnetLabels)(labels)) != nil {
		return labels
	}
	return unsafe.Pointer(vnetWith((*vnetLabels)(labels), im))
}

// VnetVanish parks the calling goroutine, in whose image os.Exit was called.
func VnetVanish(*VnetImage) { block() }

// VnetSettle makes im the image of this goroutine for the rest of its life.
func VnetSettle(im *VnetImage) { VnetSwap(im) }

// VnetBusy returns how many goroutines are in im, or are about to return into
// it.
func VnetBusy(im *VnetImage) int {
	// A look without stopping anything can miss a goroutine that is born behind
	// its back, so what it finds is enough to wait, but nothing is certain of
	// the image until goroutines were seen not to be born, or the world stood
	// still.
	if n := vnetCount(im); n > 0 {
		return n
	}
	if vnetEmpty(im) {
		return 0
	}
	stw := stopTheWorld(stwUnknown)
	n := vnetCount(im) + int(atomic.Loadint32(&im.users))
	startTheWorld(stw)
	return n
}

// vnetCount returns how many goroutines a look finds in im.
func vnetCount(im *VnetImage) (n int) {
	forEachGRace(func(gp *g) {
		if vnetMember(gp, im) {
			n++
		}
	})
	return n
}

// VnetStopTimers stops im's timers. This slot does not know them: those of
// time.AfterFunc do nothing once the image is over.
func VnetStopTimers(im *VnetImage, all bool) int { return 0 }

// VnetKnowsTimers says whether VnetTimers knows an image's timers.
const VnetKnowsTimers = false

// VnetTimers returns how many timers of im are set.
func VnetTimers(im *VnetImage) int { return 0 }
