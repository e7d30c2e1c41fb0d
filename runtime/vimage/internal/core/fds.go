package core

// VnetFds are an image's standard descriptors, and that of its working
// directory. An entry is 0 while the image uses the process's descriptor of
// that number, n > 2 when its descriptor has the number n in the kernel, and
// negative when the image has closed it: -n if the number n is kept from being
// used again, else -1. The last entry is 0 while the working directory is the
// process's, and -1 when there is none any more. Package syscall changes it.
type VnetFds [4]int32

// vnetLost says which standard descriptors image 0 has closed. Guarded by
// vnetLock.
var vnetLost [3]bool

// vnetFdsOf returns the table that a new image starts with, under the lock. It
// never has those of image 0, which are the process's.
func vnetFdsOf() *VnetFds {
	t := new(VnetFds)
	for k, lost := range vnetLost {
		if lost {
			t[k] = -1
		}
	}
	return t
}

// VnetFdTables returns the tables of all images that use the process's
// descriptor k, or its working directory if k is 3, and notes whether image 0,
// which is about to replace it, closes it.
func VnetFdTables(k int, lost bool) []*VnetFds {
	vnetLock()
	var list []*VnetFds
	for im := vnet0.next; im != nil; im = im.next {
		if im.Fds != nil && im.Fds[k] == 0 {
			list = append(list, im.Fds)
		}
	}
	if k < len(vnetLost) {
		vnetLost[k] = lost
	}
	vnetUnlock()
	return list
}
