package pools

import "unsafe"

// vnetPools returns the addresses of the lists of all pools.
//
//go:linkname vnetPools runtime.vnetPools
func vnetPools() [2]unsafe.Pointer {
	return [2]unsafe.Pointer{unsafe.Pointer(&allPools), unsafe.Pointer(&oldPools)}
}
