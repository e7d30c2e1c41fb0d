package runtime

import "unsafe"

// Profiles take a goroutine's labels from vnetTag: its image's, if it has none
// of its own. Those of its own have the image's among them: vnetKeep puts it
// there when they are set, vnetRelabel when the goroutine changes images.

// vnetTag returns where the labels of gp are. A signal handler calls it. What
// it reads is stable then as gp.labels is, and reachable from gp: see
// profBuf.write.
func vnetTag(gp *g) *unsafe.Pointer {
	if gp.labels == nil {
		if im := gp.vnet; im != nil {
			return &im.slot.tag
		}
	}
	return &gp.labels
}

// vnetKeep is called at the head of runtime_setProfLabel.
func vnetKeep(labels unsafe.Pointer) unsafe.Pointer {
	im := getg().vnet
	if im == nil || labels == nil {
		return labels
	}
	return unsafe.Pointer(vnetWith((*vnetLabels)(labels), im))
}

// vnetRelabel changes the image among gp's labels. It synchronises with the
// profiler as runtime_setProfLabel does.
func vnetRelabel(gp *g, im *VnetImage) {
	if raceenabled {
		racereleasemerge(unsafe.Pointer(&labelSync))
	}
	gp.labels = unsafe.Pointer(vnetWith((*vnetLabels)(gp.labels), im))
}
