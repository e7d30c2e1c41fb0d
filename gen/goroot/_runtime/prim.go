package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// This file holds what vimage's core rests on, in the form for package runtime.
// Its stock counterpart is stock.go of runtime/vimage/internal/core.

// vnetSema is the sleeping lock. A mutex of this package will not do: with one
// of those held, allocating is forbidden.
var vnetSema uint32 = 1

// The race detector does not look at this package, but is told of append and
// copy.
func vnetLock() {
	semacquire(&vnetSema)
	if raceenabled {
		raceacquire(unsafe.Pointer(&vnetSema))
	}
}

func vnetUnlock() {
	if raceenabled {
		racerelease(unsafe.Pointer(&vnetSema))
	}
	semrelease(&vnetSema)
}

// VnetAvailable reports whether images separate anything: vimagegen built this
// binary, so whatever has to be separate is.
func VnetAvailable() bool { return true }

// vnetLoad is a plain load: what it leads to was stored before the pointer was,
// and the address depends on the value loaded.
func vnetLoad(p *unsafe.Pointer) unsafe.Pointer     { return *p }
func vnetStore(p *unsafe.Pointer, v unsafe.Pointer) { atomicstorep(unsafe.Pointer(p), v) }
func vnetLoad32(p *uint32) uint32                   { return atomic.Load(p) }
func vnetStore32(p *uint32, v uint32)               { atomic.Store(p, v) }
func vnetCas32(p *uint32, old, v uint32) bool       { return atomic.Cas(p, old, v) }
func vnetAdd32(p *int32, d int32)                   { atomic.Xaddint32(p, d) }

// VnetP returns the number of the P that the goroutine runs on, or did a moment
// ago: it is not pinned. No preemption comes between the two loads, since that
// never happens inside this package.
func VnetP() int {
	if p := getg().m.p.ptr(); p != nil {
		return int(p.id)
	}
	return 0
}

// vnetOnSystem reports whether this is a system stack, where a timer's function
// finds containers without an image.
func vnetOnSystem() bool {
	gp := getg()
	return gp == gp.m.g0
}

func vnetRelease(im *VnetImage) {
	if raceenabled {
		racereleasemerge(unsafe.Pointer(&im.users))
	}
}

func vnetAcquire(im *VnetImage) {
	if raceenabled {
		raceacquire(unsafe.Pointer(&im.users))
	}
}

// VnetPlace returns file and line of a return address.
func VnetPlace(pc uintptr) string {
	f, _ := CallersFrames([]uintptr{pc}).Next()
	return f.File + ":" + vnetItoa(uint64(f.Line))
}

func vnetMember(gp *g, im *VnetImage) bool {
	return vnetOfG(gp) == im && readgstatus(gp)&^_Gscan != _Gdead
}

// VnetStacks returns the stacks of the goroutines in im, as Stack prints them.
func VnetStacks(im *VnetImage) string {
	prev := VnetSwap(nil) // so that Stack prints all
	buf := make([]byte, 64<<10)
	n := Stack(buf, true)
	for n == len(buf) && n < 64<<20 {
		buf = make([]byte, 2*len(buf))
		n = Stack(buf, true)
	}
	VnetSwap(prev)
	var in []uint64
	forEachGRace(func(gp *g) {
		if vnetMember(gp, im) {
			in = append(in, gp.goid)
		}
	})
	var kept []byte
	const head = "goroutine "
	for rest := buf[:n]; len(rest) > 0; {
		end := 0
		for end < len(rest) && !(rest[end] == '\n' && end+1 < len(rest) && rest[end+1] == '\n') {
			end++
		}
		block := rest[:end]
		rest = rest[min(end+2, len(rest)):]
		if len(block) <= len(head) || string(block[:len(head)]) != head {
			continue
		}
		var id uint64
		for i := len(head); i < len(block) && '0' <= block[i] && block[i] <= '9'; i++ {
			id = id*10 + uint64(block[i]-'0')
		}
		for _, goid := range in {
			if goid == id {
				if len(kept) > 0 {
					kept = append(kept, "\n\n"...)
				}
				kept = append(kept, block...)
			}
		}
	}
	return string(kept)
}
