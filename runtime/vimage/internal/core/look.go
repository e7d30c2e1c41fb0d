package core

import "unsafe"

// VnetSeen is a container of an image, for those who look at it from outside.
type VnetSeen struct {
	Module *VnetModule
	At     unsafe.Pointer
}

// VnetLook returns im's containers, by slot, or none if im is over.
func VnetLook(im *VnetImage) []VnetSeen {
	vnetLock()
	defer vnetUnlock()
	if im.box == nil {
		return nil
	}
	list := make([]VnetSeen, 0, len(vnetReserved))
	for i, m := range vnetReserved {
		if m != nil && i < len(im.box.entry) && im.box.entry[i] != nil {
			list = append(list, VnetSeen{m, im.box.entry[i]})
		}
	}
	return list
}

// VnetModules returns how many modules are registered.
func VnetModules() int {
	vnetLock()
	defer vnetUnlock()
	return len(vnetModules)
}

// VnetShared is a variable that is one for all images, of which generated code
// tells in programs that look for it.
type VnetShared struct {
	Path, Name string
	Place      string // file:line of its declaration
	Word       bool   // by the user's word; else it is proved not to change
	At         any    // its address
}

// vnetShared is guarded by vnetLock.
var vnetShared []VnetShared

// VnetShare notes a package's.
func VnetShare(list []VnetShared) {
	vnetLock()
	vnetShared = append(vnetShared, list...)
	vnetUnlock()
}

// VnetSharedList returns them all.
func VnetSharedList() []VnetShared {
	vnetLock()
	defer vnetUnlock()
	return append([]VnetShared(nil), vnetShared...)
}
