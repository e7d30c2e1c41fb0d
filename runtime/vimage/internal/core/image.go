package core

import "unsafe"

// VnetImages returns the live images, by age.
func VnetImages() []*VnetImage { return vnetList(true) }

// VnetUnsettled returns the images that are starting or closing, by age.
func VnetUnsettled() []*VnetImage { return vnetList(false) }

func vnetList(live bool) []*VnetImage {
	vnetLock()
	var list []*VnetImage
	for im := &vnet0; im != nil; im = im.next {
		if (vnetLoad32(&im.state) == VnetLive) == live {
			list = append(list, im)
		}
	}
	vnetUnlock()
	return list
}

// VnetCreate gives im, of which only the fields that it sets are set, its
// identity and a zeroed container of every module, and lists it. The caller
// then constructs the modules one by one, as VnetNext names them.
func VnetCreate(im *VnetImage) {
	vnetLock()
	vnetName(im)
	im.box = &vnetTable{make([]unsafe.Pointer, cap(vnetReserved))}
	im.Fds = vnetFdsOf()
	vnetComplete(im)
	last := vnet0.prev
	last.next, im.prev, vnet0.prev = im, last, im
	vnetUnlock()
	vnetAt("created")
}

// VnetName gives im its identity before it is created, so that others can be
// told of it.
func VnetName(im *VnetImage) {
	vnetLock()
	vnetName(im)
	vnetUnlock()
}

func vnetName(im *VnetImage) {
	if im.ID != 0 {
		return
	}
	vnetLastID++
	im.ID = vnetLastID
	if im.Name == "" {
		im.Name = "vnet" + vnetItoa(im.ID)
	}
}

// vnetComplete gives im, which has a table long enough, the containers that it
// lacks, and lets it be used, under the lock.
func vnetComplete(im *VnetImage) {
	im.slot.init(im.Name)
	im.closed = make(chan struct{})
	for i, m := range vnetReserved {
		if m != nil && im.box.entry[i] == nil {
			im.box.entry[i] = vnetNew(m)
		}
	}
	vnetStore(&im.tab, unsafe.Pointer(&im.box.entry[0]))
}

// vnetPut stores container p as im's entry i, in a larger table if need be.
func vnetPut(im *VnetImage, i int, p unsafe.Pointer) {
	box := im.box
	if i < len(box.entry) {
		vnetStore(&box.entry[i], p)
		return
	}
	larger := make([]unsafe.Pointer, 2*len(box.entry))
	copy(larger, box.entry)
	larger[i] = p
	box.entry = larger
	vnetStore(&im.tab, unsafe.Pointer(&larger[0]))
}

// VnetNext returns the module to construct in im after that of the seq given, 0
// to begin with, and its seq. When there are no more, it returns nil, and im is
// live if last is true. It returns nil, too, when im has been abandoned.
func VnetNext(im *VnetImage, seq uint64, last bool) (m *VnetModule, at uint64) {
	vnetLock()
	defer vnetUnlock()
	if vnetLoad32(&im.state) > VnetLive {
		return nil, seq
	}
	for i := vnetAfter(seq); i < len(vnetModules); i++ {
		if m := vnetModules[i]; !m.leaving {
			if m.Late {
				m.busy++
			}
			return m, m.seq
		}
	}
	if last {
		if im == &vnet0 {
			vnetBooted = true
		}
		vnetCas32(&im.state, VnetStarting, VnetLive)
	}
	return nil, seq
}

// VnetBuilt enters what came of the construction of a module that VnetNext
// named. It reports false when the module is the caller's to destruct, because
// the image was abandoned meanwhile.
func VnetBuilt(im *VnetImage, m *VnetModule, ok bool) bool {
	if !m.Late && !m.undoes() {
		return true
	}
	vnetLock()
	defer vnetUnlock()
	abandoned := vnetLoad32(&im.state) > VnetLive
	vnetBuilt(im, m, ok && !abandoned)
	return !ok || !abandoned
}

// vnetBuilt ends a construction, under the lock.
func vnetBuilt(im *VnetImage, m *VnetModule, ok bool) {
	if m.Late {
		m.busy--
	}
	if ok && m.undoes() && im.box != nil {
		im.built = append(im.built, m)
	}
}

// undoes reports whether something has to be called at an image's end.
func (m *VnetModule) undoes() bool {
	if m.Stop != nil {
		return true
	}
	for i := range m.Sysinit {
		if m.Sysinit[i].Undo {
			return true
		}
	}
	return false
}

// VnetAbandon has a starting image closing, and reports whether it was
// starting.
func VnetAbandon(im *VnetImage) bool {
	ok := vnetCas32(&im.state, VnetStarting, VnetClosing)
	vnetAt("abandoned")
	return ok
}

// VnetClose moves im from live to closing, and reports whether it did. At is
// the caller's return address.
func VnetClose(im *VnetImage, at uintptr) bool {
	vnetLock() // VnetClaim holds it between its look at the state and its claim
	ok := vnetLoad32(&im.state) == VnetLive
	if ok {
		im.At = at
		vnetStore32(&im.state, VnetClosing)
	}
	vnetUnlock()
	vnetAt("closing")
	return ok
}

// VnetClaims returns how many constructions and destructions of others are
// under way in im.
func VnetClaims(im *VnetImage) int {
	vnetLock()
	n := int(im.claims)
	vnetUnlock()
	return n
}

// VnetPop takes the latest module off im's list of built ones, for destruction,
// to be ended by VnetPopped.
func VnetPop(im *VnetImage) *VnetModule {
	vnetLock()
	defer vnetUnlock()
	n := len(im.built)
	if n == 0 {
		return nil
	}
	m := im.built[n-1]
	im.built[n-1] = nil
	im.built = im.built[:n-1]
	m.busy++
	return m
}

// VnetPopped ends a destruction that VnetPop began.
func VnetPopped(m *VnetModule) {
	vnetLock()
	m.busy--
	vnetUnlock()
}

// VnetLeft returns the modules of im that are built and wait for destruction.
func VnetLeft(im *VnetImage) int {
	vnetLock()
	n := len(im.built)
	vnetUnlock()
	return n
}

// VnetLastCall keeps callbacks out of a closing image, from now on.
func VnetLastCall(im *VnetImage) {
	vnetCas32(&im.state, VnetClosing, VnetEnding)
	vnetAcquire(im)
	vnetAt("ending")
}

// VnetAtExit notes where an image exits.
func VnetAtExit(im *VnetImage, at uintptr) {
	vnetLock()
	if im.At == 0 {
		im.At = at
	}
	vnetUnlock()
}

// VnetEnd takes im's table away and leaves it in the given state, closed or
// exited. It reports false when im was over already.
func VnetEnd(im *VnetImage, state uint32) bool {
	vnetLock()
	listed := im.prev != nil
	if listed {
		im.prev.next = im.next
		if im.next != nil {
			im.next.prev = im.prev
		} else {
			vnet0.prev = im.prev
		}
		im.next, im.prev = nil, nil
		vnetStore32(&im.state, state)
		im.box = nil
		im.built = nil
		im.entries = nil
		if r := (*VnetRef)(im.ref); r != nil {
			vnetStore(&r.im, nil)
		}
		vnetStore(&im.tab, nil)
		if state == VnetClosed {
			close(im.closed)
		}
	}
	vnetUnlock()
	vnetAt("ended")
	return listed
}
