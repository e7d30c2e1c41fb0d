package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// The functions of sync/atomic, which are assembly otherwise, and instructions
// where the compiler knows them.

//go:linkname wc_SwapInt32 sync/atomic.SwapInt32
//go:nosplit
func wc_SwapInt32(p *int32, new int32) int32 {
	wcAtomicWrite(unsafe.Pointer(p))
	return int32(atomic.Xchg((*uint32)(unsafe.Pointer(p)), uint32(new)))
}

//go:linkname wc_CompareAndSwapInt32 sync/atomic.CompareAndSwapInt32
//go:nosplit
func wc_CompareAndSwapInt32(p *int32, old, new int32) bool {
	ok := atomic.Cas((*uint32)(unsafe.Pointer(p)), uint32(old), uint32(new))
	if ok {
		wcAtomicWrite(unsafe.Pointer(p))
	}
	return ok
}

//go:linkname wc_StoreInt32 sync/atomic.StoreInt32
//go:nosplit
func wc_StoreInt32(p *int32, val int32) {
	wcAtomicWrite(unsafe.Pointer(p))
	atomic.Store((*uint32)(unsafe.Pointer(p)), uint32(val))
}

//go:linkname wc_AddInt32 sync/atomic.AddInt32
//go:nosplit
func wc_AddInt32(p *int32, delta int32) int32 {
	wcAtomicWrite(unsafe.Pointer(p))
	return int32(atomic.Xadd((*uint32)(unsafe.Pointer(p)), delta))
}

//go:linkname wc_AndInt32 sync/atomic.AndInt32
//go:nosplit
func wc_AndInt32(p *int32, mask int32) int32 {
	wcAtomicWrite(unsafe.Pointer(p))
	return int32(atomic.And32((*uint32)(unsafe.Pointer(p)), uint32(mask)))
}

//go:linkname wc_OrInt32 sync/atomic.OrInt32
//go:nosplit
func wc_OrInt32(p *int32, mask int32) int32 {
	wcAtomicWrite(unsafe.Pointer(p))
	return int32(atomic.Or32((*uint32)(unsafe.Pointer(p)), uint32(mask)))
}

//go:linkname wc_LoadInt32 sync/atomic.LoadInt32
//go:nosplit
func wc_LoadInt32(p *int32) int32 {
	return int32(atomic.Load((*uint32)(unsafe.Pointer(p))))
}

//go:linkname wc_SwapUint32 sync/atomic.SwapUint32
//go:nosplit
func wc_SwapUint32(p *uint32, new uint32) uint32 {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.Xchg(p, new)
}

//go:linkname wc_CompareAndSwapUint32 sync/atomic.CompareAndSwapUint32
//go:nosplit
func wc_CompareAndSwapUint32(p *uint32, old, new uint32) bool {
	ok := atomic.Cas(p, old, new)
	if ok {
		wcAtomicWrite(unsafe.Pointer(p))
	}
	return ok
}

//go:linkname wc_StoreUint32 sync/atomic.StoreUint32
//go:nosplit
func wc_StoreUint32(p *uint32, val uint32) {
	wcAtomicWrite(unsafe.Pointer(p))
	atomic.Store(p, val)
}

//go:linkname wc_AddUint32 sync/atomic.AddUint32
//go:nosplit
func wc_AddUint32(p *uint32, delta uint32) uint32 {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.Xadd(p, int32(delta))
}

//go:linkname wc_AndUint32 sync/atomic.AndUint32
//go:nosplit
func wc_AndUint32(p *uint32, mask uint32) uint32 {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.And32(p, mask)
}

//go:linkname wc_OrUint32 sync/atomic.OrUint32
//go:nosplit
func wc_OrUint32(p *uint32, mask uint32) uint32 {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.Or32(p, mask)
}

//go:linkname wc_LoadUint32 sync/atomic.LoadUint32
//go:nosplit
func wc_LoadUint32(p *uint32) uint32 {
	return atomic.Load(p)
}

//go:linkname wc_SwapInt64 sync/atomic.SwapInt64
//go:nosplit
func wc_SwapInt64(p *int64, new int64) int64 {
	wcAtomicWrite(unsafe.Pointer(p))
	return int64(atomic.Xchg64((*uint64)(unsafe.Pointer(p)), uint64(new)))
}

//go:linkname wc_CompareAndSwapInt64 sync/atomic.CompareAndSwapInt64
//go:nosplit
func wc_CompareAndSwapInt64(p *int64, old, new int64) bool {
	ok := atomic.Cas64((*uint64)(unsafe.Pointer(p)), uint64(old), uint64(new))
	if ok {
		wcAtomicWrite(unsafe.Pointer(p))
	}
	return ok
}

//go:linkname wc_StoreInt64 sync/atomic.StoreInt64
//go:nosplit
func wc_StoreInt64(p *int64, val int64) {
	wcAtomicWrite(unsafe.Pointer(p))
	atomic.Store64((*uint64)(unsafe.Pointer(p)), uint64(val))
}

//go:linkname wc_AddInt64 sync/atomic.AddInt64
//go:nosplit
func wc_AddInt64(p *int64, delta int64) int64 {
	wcAtomicWrite(unsafe.Pointer(p))
	return int64(atomic.Xadd64((*uint64)(unsafe.Pointer(p)), delta))
}

//go:linkname wc_AndInt64 sync/atomic.AndInt64
//go:nosplit
func wc_AndInt64(p *int64, mask int64) int64 {
	wcAtomicWrite(unsafe.Pointer(p))
	return int64(atomic.And64((*uint64)(unsafe.Pointer(p)), uint64(mask)))
}

//go:linkname wc_OrInt64 sync/atomic.OrInt64
//go:nosplit
func wc_OrInt64(p *int64, mask int64) int64 {
	wcAtomicWrite(unsafe.Pointer(p))
	return int64(atomic.Or64((*uint64)(unsafe.Pointer(p)), uint64(mask)))
}

//go:linkname wc_LoadInt64 sync/atomic.LoadInt64
//go:nosplit
func wc_LoadInt64(p *int64) int64 {
	return int64(atomic.Load64((*uint64)(unsafe.Pointer(p))))
}

//go:linkname wc_SwapUint64 sync/atomic.SwapUint64
//go:nosplit
func wc_SwapUint64(p *uint64, new uint64) uint64 {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.Xchg64(p, new)
}

//go:linkname wc_CompareAndSwapUint64 sync/atomic.CompareAndSwapUint64
//go:nosplit
func wc_CompareAndSwapUint64(p *uint64, old, new uint64) bool {
	ok := atomic.Cas64(p, old, new)
	if ok {
		wcAtomicWrite(unsafe.Pointer(p))
	}
	return ok
}

//go:linkname wc_StoreUint64 sync/atomic.StoreUint64
//go:nosplit
func wc_StoreUint64(p *uint64, val uint64) {
	wcAtomicWrite(unsafe.Pointer(p))
	atomic.Store64(p, val)
}

//go:linkname wc_AddUint64 sync/atomic.AddUint64
//go:nosplit
func wc_AddUint64(p *uint64, delta uint64) uint64 {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.Xadd64(p, int64(delta))
}

//go:linkname wc_AndUint64 sync/atomic.AndUint64
//go:nosplit
func wc_AndUint64(p *uint64, mask uint64) uint64 {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.And64(p, mask)
}

//go:linkname wc_OrUint64 sync/atomic.OrUint64
//go:nosplit
func wc_OrUint64(p *uint64, mask uint64) uint64 {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.Or64(p, mask)
}

//go:linkname wc_LoadUint64 sync/atomic.LoadUint64
//go:nosplit
func wc_LoadUint64(p *uint64) uint64 {
	return atomic.Load64(p)
}

//go:linkname wc_AddUintptr sync/atomic.AddUintptr
//go:nosplit
func wc_AddUintptr(p *uintptr, delta uintptr) uintptr {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.Xadduintptr(p, delta)
}

//go:linkname wc_AndUintptr sync/atomic.AndUintptr
//go:nosplit
func wc_AndUintptr(p *uintptr, mask uintptr) uintptr {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.Anduintptr(p, mask)
}

//go:linkname wc_OrUintptr sync/atomic.OrUintptr
//go:nosplit
func wc_OrUintptr(p *uintptr, mask uintptr) uintptr {
	wcAtomicWrite(unsafe.Pointer(p))
	return atomic.Oruintptr(p, mask)
}

//go:linkname wc_LoadUintptr sync/atomic.LoadUintptr
//go:nosplit
func wc_LoadUintptr(p *uintptr) uintptr {
	return atomic.Loaduintptr(p)
}

//go:linkname wc_LoadPointer sync/atomic.LoadPointer
//go:nosplit
func wc_LoadPointer(p *unsafe.Pointer) unsafe.Pointer {
	return atomic.Loadp(unsafe.Pointer(p))
}

//go:nosplit
func wcAtomicWrite(p unsafe.Pointer) {
	if wc.on {
		wcWrote(uintptr(p), wcAtomic)
	}
}
