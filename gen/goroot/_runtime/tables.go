package runtime

import "unsafe"

// vnetPools is of package sync.
func vnetPools() [2]unsafe.Pointer

// VnetTables returns the addresses of variables of the runtime and of package
// sync that lead to what any image may have, such as timers and pools, without
// being a way from one to another.
func VnetTables() (pools [2]unsafe.Pointer, processors unsafe.Pointer) {
	return vnetPools(), unsafe.Pointer(&allp)
}
