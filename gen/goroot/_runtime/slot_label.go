package runtime

import "unsafe"

// Where the label slot finds the labels, and what it asks of runtime/pprof.

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
