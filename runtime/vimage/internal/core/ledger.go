package core

// VnetEntry is a registration that an image made in a registry of the process.
type VnetEntry struct {
	next *VnetEntry
	Key  any     // whatever the registry knows it by
	What string  // "os/signal.Notify"
	At   uintptr // by whom: a return address
	Undo func()  // takes it out of the registry; nil if that cannot be done
}

// VnetNote enters e into im's ledger. It reports false, having done nothing,
// when im is over.
func VnetNote(im *VnetImage, e *VnetEntry) bool {
	vnetLock()
	ok := im.box != nil
	if ok {
		e.next = im.entries
		im.entries = e
	}
	vnetUnlock()
	return ok
}

// VnetNoted reports whether im's ledger has an entry of a key.
func VnetNoted(im *VnetImage, key any) bool {
	vnetLock()
	e := im.entries
	for e != nil && e.Key != key {
		e = e.next
	}
	vnetUnlock()
	return e != nil
}

// VnetStrike takes the entry out of im's ledger, and reports whether it was
// there.
func VnetStrike(im *VnetImage, e *VnetEntry) bool {
	vnetLock()
	defer vnetUnlock()
	for p := &im.entries; *p != nil; p = &(*p).next {
		if *p == e {
			*p = e.next
			return true
		}
	}
	return false
}

// VnetStrikeKey takes the entry of a key out of whichever image's ledger has
// it.
func VnetStrikeKey(key any) {
	vnetLock()
	for im := &vnet0; im != nil; im = im.next {
		for p := &im.entries; *p != nil; p = &(*p).next {
			if (*p).Key == key {
				*p = (*p).next
				break
			}
		}
	}
	vnetUnlock()
}

// VnetEntries returns im's ledger, latest first.
func VnetEntries(im *VnetImage) []*VnetEntry {
	vnetLock()
	var list []*VnetEntry
	for e := im.entries; e != nil; e = e.next {
		list = append(list, e)
	}
	vnetUnlock()
	return list
}
