package core

// VnetHas reports whether a module is registered for the import path.
func VnetHas(path string) bool {
	vnetLock()
	has := false
	for _, m := range vnetModules {
		has = has || m.Path == path
	}
	vnetUnlock()
	return has
}

// vnetAfter returns the index of the first module of a higher seq, under the
// lock.
func vnetAfter(seq uint64) int {
	low, high := 0, len(vnetModules)
	for low < high {
		if mid := int(uint(low+high) / 2); vnetModules[mid].seq <= seq {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// VnetReserve gives m its offset, and every listed image a container. A second
// call does nothing. A module that is joined to one which has them gets that
// one's.
func VnetReserve(m *VnetModule) {
	vnetLock()
	vnetReserve(m)
	vnetUnlock()
}

func vnetReserve(m *VnetModule) {
	if m.New == nil || m.Off != 0 {
		return
	}
	if m.Joined != "" {
		for i, r := range vnetReserved {
			if r != nil && r.Joined == m.Joined {
				m.Off = uintptr(i) * vnetWord
				return
			}
		}
	}
	i := len(vnetReserved)
	if n := len(vnetFree); n > 0 && m.Late {
		i = vnetFree[n-1]
		vnetFree = vnetFree[:n-1]
		vnetReserved[i] = m
	} else {
		vnetReserved = append(vnetReserved, m)
	}
	for im := &vnet0; im != nil; im = im.next {
		vnetPut(im, i, vnetNew(m))
	}
	m.Off = uintptr(i) * vnetWord
}

// VnetList reserves and lists m, and returns the images that are live. It
// returns false if m is listed already. Image 0 counts as starting while that
// is deferred: whoever starts it will come to the module.
func VnetList(m *VnetModule) (live []*VnetImage, ok bool) {
	vnetLock()
	if m.seq != 0 {
		vnetUnlock()
		return nil, false
	}
	vnetSeeNames()
	vnetReserve(m)
	vnetLastSeq++
	m.seq = vnetLastSeq
	vnetModules = append(vnetModules, m)
	for im := &vnet0; im != nil; im = im.next {
		if im == &vnet0 && VnetDeferred() && !vnetBooted && !m.Std {
			continue
		}
		if vnetLoad32(&im.state) == VnetLive {
			live = append(live, im)
		}
	}
	vnetUnlock()
	vnetAt("registered")
	return live, true
}

// VnetClaim claims the construction of m in im, which was live when m was
// listed. It reports false when im is closing by now.
func VnetClaim(im *VnetImage, m *VnetModule) bool {
	vnetLock()
	ok := vnetLoad32(&im.state) == VnetLive
	if ok {
		im.claims++
		if m.Late {
			m.busy++
		}
	}
	vnetUnlock()
	vnetAt("claimed")
	return ok
}

// VnetClaimed ends a claim of VnetClaim.
func VnetClaimed(im *VnetImage, m *VnetModule, ok bool) {
	vnetLock()
	vnetBuilt(im, m, ok)
	im.claims--
	vnetUnlock()
}

// VnetLeaving has new images pass m over.
func VnetLeaving(m *VnetModule) {
	vnetLock()
	m.leaving = true
	vnetUnlock()
	vnetAt("leaving")
}

// VnetModuleBusy returns how many constructions of m are under way, and
// destructions by closers of images.
func VnetModuleBusy(m *VnetModule) int {
	vnetLock()
	n := int(m.busy)
	vnetUnlock()
	return n
}

// VnetHolders returns the images that have m built, the latest first.
func VnetHolders(m *VnetModule) []*VnetImage {
	vnetLock()
	var list []*VnetImage
	for im := vnet0.prev; ; im = im.prev {
		for _, b := range im.built {
			if b == m {
				list = append(list, im)
			}
		}
		if im == &vnet0 {
			break
		}
	}
	vnetUnlock()
	return list
}

// VnetTake takes m off im's list of built modules, for destruction, to be ended
// by VnetTaken. It reports false when somebody else did.
func VnetTake(im *VnetImage, m *VnetModule) bool {
	vnetLock()
	defer vnetUnlock()
	for i, b := range im.built {
		if b == m {
			copy(im.built[i:], im.built[i+1:])
			im.built[len(im.built)-1] = nil
			im.built = im.built[:len(im.built)-1]
			im.claims++
			return true
		}
	}
	return false
}

// VnetTaken ends a destruction that VnetTake began.
func VnetTaken(im *VnetImage) {
	vnetLock()
	im.claims--
	vnetUnlock()
}

// VnetUnlist takes m out of all lists and images, and gives its slot back.
func VnetUnlist(m *VnetModule) {
	vnetLock()
	if i := vnetAfter(m.seq) - 1; i >= 0 && vnetModules[i] == m {
		copy(vnetModules[i:], vnetModules[i+1:])
		vnetModules[len(vnetModules)-1] = nil
		vnetModules = vnetModules[:len(vnetModules)-1]
	}
	if i := int(m.Off / vnetWord); i != 0 {
		vnetReserved[i] = nil
		for im := &vnet0; im != nil; im = im.next {
			vnetPut(im, i, nil)
		}
		if m.Late {
			vnetFree = append(vnetFree, i)
		}
		m.Off = 0
	}
	m.seq, m.leaving = 0, false
	vnetUnlock()
	vnetAt("unlisted")
}

// VnetRegister registers the module of generated code, and starts it in every
// live image: in image 0, unless starting is deferred, and in whichever others
// there are. When m.Init panics, m is taken out of all images again.
func VnetRegister(m *VnetModule) {
	live, _ := VnetList(m)
	if m.Init == nil {
		return
	}
	prev := VnetCurrent()
	var claimed *VnetImage
	done := false
	defer func() {
		VnetSwap(prev)
		if claimed != nil {
			VnetClaimed(claimed, m, done)
		}
		if !done {
			VnetLeaving(m)
			VnetUnlist(m)
		}
	}()
	for _, im := range live {
		if !VnetClaim(im, m) { // it was closed meanwhile
			continue
		}
		claimed = im
		VnetSwap(im)
		m.Init()
		if im != &vnet0 || vnetIsBooted() {
			vnetSysinit(m)
		}
		VnetSwap(prev)
		VnetClaimed(im, m, true)
		claimed = nil
	}
	done = true
}
