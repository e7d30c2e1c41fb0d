package core

import "unsafe"

// VnetEnter makes im current, for a call, and returns the image to give to
// VnetLeave after it. It panics when im is closing or over, unless it is
// current.
func VnetEnter(im *VnetImage) (prev *VnetImage) {
	prev = VnetCurrent()
	if prev == im && vnetKnows {
		return prev
	}
	if counted := vnetCounted(im, prev); counted != nil {
		vnetAdd32(&counted.users, 1)
		if vnetScans {
			vnetAdd32(&counted.trips, 1)
		}
	}
	VnetSwap(im)
	vnetAnnounce(im)
	if prev != im && vnetLoad32(&im.state) > VnetLive {
		VnetLeave(im, prev)
		panic(VnetOver(im))
	}
	return prev
}

// VnetLeave ends what VnetEnter began.
func VnetLeave(im, prev *VnetImage) {
	if prev == im && vnetKnows {
		return
	}
	VnetSwap(prev)
	vnetRelease(im)
	if counted := vnetCounted(im, prev); counted != nil {
		vnetAdd32(&counted.users, -1)
	}
}

func vnetCounted(im, prev *VnetImage) *VnetImage {
	if vnetScans {
		im = prev
	}
	if im == &vnet0 { // never closed, so nobody needs to know
		return nil
	}
	return im
}

// VnetAdd counts a goroutine started in im where its birth is not known.
func VnetAdd(im *VnetImage, d int32) {
	if d < 0 {
		vnetRelease(im)
	}
	if !vnetKnows {
		vnetAdd32(&im.users, d)
	}
}

// VnetResume makes im current on a goroutine that was started to run one of its
// callbacks, for the rest of its life, and reports whether to run it: not when
// im is over, or about to be.
func VnetResume(im *VnetImage) bool {
	VnetSettle(im)
	vnetAnnounce(im)
	return vnetLoad32(&im.state) < VnetEnding
}

// vnetAnnounce makes certain, where goroutines are looked for by their labels,
// that the label which was just set is seen by a closer whose change of the
// state the caller will not see.
func vnetAnnounce(im *VnetImage) {
	if vnetScans {
		vnetAdd32(&im.trips, 1)
	}
}

// VnetRef stands for an image in callbacks, which may be kept for long: it does
// not keep the image when that is over.
type VnetRef struct {
	im unsafe.Pointer // *VnetImage
}

// VnetRefer returns im's.
func VnetRefer(im *VnetImage) *VnetRef {
	vnetLock()
	r := (*VnetRef)(im.ref)
	if r == nil {
		r = &VnetRef{}
		if im.box != nil {
			vnetStore(&r.im, unsafe.Pointer(im))
		}
		im.ref = unsafe.Pointer(r)
	}
	vnetUnlock()
	return r
}

// Resume is VnetResume.
func (r *VnetRef) Resume() bool {
	im := (*VnetImage)(vnetLoad(&r.im))
	return im != nil && VnetResume(im)
}

// VnetHeld is an image with its containers, which may be needed when it is
// over.
type VnetHeld struct {
	im  *VnetImage
	box *vnetTable
}

// VnetHold returns the current image so, if there is one.
func VnetHold() VnetHeld {
	im := VnetCurrent()
	if im == nil {
		return VnetHeld{}
	}
	return VnetHeld{im, im.box}
}

// Resume makes the image current, for what has to be done even if the image is
// over. Then a stand-in with its containers takes its place.
func (h VnetHeld) Resume() {
	im := h.im
	if im != nil && h.box != nil && vnetLoad(&im.tab) == nil {
		im = &VnetImage{ID: im.ID, Name: im.Name, Args: im.Args, Env: im.Env, Exit: im.Exit, Own: im.Own, Fds: im.Fds, state: VnetClosing, box: h.box}
		vnetLock()
		if len(h.box.entry) < len(vnetReserved) {
			larger := make([]unsafe.Pointer, cap(vnetReserved))
			copy(larger, h.box.entry)
			h.box.entry = larger
		}
		vnetComplete(im) // fills in what was reserved since the image's end
		vnetUnlock()
	}
	VnetSwap(im)
}

// VnetWide is called before the current image changes or measures what the
// process has one of, for instance its file mode mask. It returns when the
// image may do so, and reports whether it had to wait for that.
func VnetWide(what string) bool {
	im := VnetCurrent()
	return im != nil && im.Wide != nil && im.Wide(what)
}

// VnetExit is called at the head of os.Exit. It returns only if the exit is
// that of the process.
func VnetExit(code int) {
	if im := VnetCurrent(); im != nil && im.Exit != nil {
		im.Exit(code)
	}
}
