package module

import (
	"context"

	"kernel"
)

//vimage:strong kernel.Gone
func gone() {} // want `//vimage:strong kernel\.Gone: package kernel has no function Gone with //vimage:weak`

//vimage:strong kernel.NotASlot
func notASlot() {} // want `//vimage:strong kernel\.NotASlot: package kernel has no function NotASlot with //vimage:weak`

//vimage:strong other.Read4
func other() {} // want `//vimage:strong other\.Read4: the file imports no package other`

//vimage:refine kernel.Read4
func read4(off int32, more ...string) (uint32, error) { return 0, nil } // want `//vimage:refine kernel\.Read4: function read4 is func\(off int32, more \.\.\.string\) \(uint32, error\), but the slot is func\(off int, more \.\.\.string\) \(v uint32, err error\)` `//vimage:refine kernel\.Read4: read4 never calls superAgain, so what it covers does not run: //vimage:strong says so`

//vimage:super kernel.Read4
func superRead4(off int, more ...string) (v uint32, err error) { return kernel.Read4(off, more...) }

//vimage:super kernel.Read4
func superAgain(off int, more ...string) (v uint32, err error) { return kernel.Read4(off, more...) } // want `//vimage:super kernel\.Read4: superRead4 is for this slot too, in the same module`

//vimage:refine kernel.Mtap
func tap(ifp *kernel.Ifnet, pkt []byte) {} // want `//vimage:refine kernel\.Mtap: the module has no //vimage:super for this slot, so what tap covers does not run: //vimage:strong says so`

//vimage:strong kernel.Mtap
func tapAgain(ifp *kernel.Ifnet, pkt []byte) {} // want `//vimage:strong kernel\.Mtap: tap is for this slot too, in the same module`

//vimage:strong kernel.Lock
func lock() {} // want `//vimage:strong kernel\.Lock: the module does not override Unlock, which is in the same group lock`

//vimage:super kernel.Lock
func superLock() { kernel.Lock() } // want `//vimage:super kernel\.Lock: the module has no //vimage:refine for this slot`

//vimage:strong kernel.Now
func now() int { return 0 } // want `//vimage:strong kernel\.Now: the module overrides slots that are per=image and slots that are not, such as Read4: want two modules`

//vimage:module init
func start(ctx context.Context) error { return nil }

//vimage:module init
func again(n int) error { return nil } // want `//vimage:module init: start is one too, in the same module` `//vimage:module init: again is func\(n int\) error, want func\(context\.Context\) error`
