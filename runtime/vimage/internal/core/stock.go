package core

import (
	"bytes"
	"context"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// This file holds the primitives on a stock toolchain. In package runtime,
// gen/goroot puts its own in their place.

// vnetScans says whether VnetBusy looks for an image's goroutines, vnetKnows
// whether it knows of those that were not started by Go, by looking or by
// counting.
const (
	vnetScans = false
	vnetKnows = false
)

// VnetAvailable reports whether images separate anything: in a binary of the
// stock toolchain that takes at least one package with generated code.
func VnetAvailable() bool {
	vnetLock()
	defer vnetUnlock()
	return vnetLastSeq > 0 // one may be registered again
}

// VnetSettle makes im the image of this goroutine for the rest of its life.
func VnetSettle(im *VnetImage) { VnetSwap(im) }

// VnetStopTimers stops im's timers, or only those with a function, and returns
// how many. Here they are not known.
func VnetStopTimers(im *VnetImage, all bool) int { return 0 }

// VnetKnowsTimers says whether VnetTimers knows an image's timers.
const VnetKnowsTimers = false

// VnetTimers returns how many timers of im are set.
func VnetTimers(im *VnetImage) int { return 0 }

// VnetVanish parks the calling goroutine, in whose image os.Exit was called.
func VnetVanish(*VnetImage) { select {} }

// VnetWatches says whether VnetDeadlocked knows when an image's goroutines are
// blocked for ever.
func VnetWatches() bool { return false }

// VnetDeadlocked reports whether im's goroutines are blocked for ever.
func VnetDeadlocked(*VnetImage) bool { return false }

// VnetLooksDead reports whether none of im's goroutines can run at the moment.
func VnetLooksDead(*VnetImage) bool { return false }

// VnetCheckDead ends the process if all of its goroutines but the caller are
// blocked for ever.
func VnetCheckDead() {}

// VnetOwnFds says whether package syscall looks descriptors up.
const VnetOwnFds = false

// VnetFdTable returns the current image's table of descriptors. Here nothing
// looks them up.
func VnetFdTable() *VnetFds { return nil }

// VnetTables returns the addresses of the runtime's variables that lead to what
// any image may have. Here they are not known.
func VnetTables() (pools [2]unsafe.Pointer, processors unsafe.Pointer) { return }

// VnetPlace returns file and line of a return address.
func VnetPlace(pc uintptr) string {
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	return f.File + ":" + strconv.Itoa(f.Line)
}

// VnetMain calls both functions, and VnetInit a module's initialisation. In
// package runtime their frames look like those of a main goroutine.
func VnetMain(start, main func()) { start(); main() }
func VnetInit(m *VnetModule)      { m.Init() }

// VnetProgram returns the main function of package main. Here that is not
// known.
func VnetProgram() func() { return func() {} }

// vnetSeeNames reads the names of functions. Here they are what they are.
func vnetSeeNames() {}

// vnetExported returns the exported function that C called on a thread of its
// own. Here that is not known.
func vnetExported() string { return "" }

var vnetMu sync.Mutex

func vnetLock()   { vnetMu.Lock() }
func vnetUnlock() { vnetMu.Unlock() }

func vnetLoad(p *unsafe.Pointer) unsafe.Pointer     { return atomic.LoadPointer(p) }
func vnetStore(p *unsafe.Pointer, v unsafe.Pointer) { atomic.StorePointer(p, v) }
func vnetLoad32(p *uint32) uint32                   { return atomic.LoadUint32(p) }
func vnetStore32(p *uint32, v uint32)               { atomic.StoreUint32(p, v) }
func vnetCas32(p *uint32, old, v uint32) bool       { return atomic.CompareAndSwapUint32(p, old, v) }
func vnetAdd32(p *int32, d int32)                   { atomic.AddInt32(p, d) }

// vnetRelease and vnetAcquire tell the race detector of what the counts in im
// synchronise, where it does not see that by itself.
func vnetRelease(*VnetImage) {}
func vnetAcquire(*VnetImage) {}

// The two functions that runtime/pprof's labels rest on, which the runtime
// keeps open for linkname (go.dev/issue/67401).

//go:linkname vnetGetLabels runtime/pprof.runtime_getProfLabel
func vnetGetLabels() unsafe.Pointer

//go:linkname vnetSetLabels runtime/pprof.runtime_setProfLabel
func vnetSetLabels(unsafe.Pointer)

// The layout of labels is not promised, so it is looked at, before anything
// (this variable is initialised before init runs) rests on it.
var _ = func() bool {
	const key, value = "vimage.layout", "probe.7"
	before := vnetGetLabels()
	defer vnetSetLabels(before)
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels(key, value)))
	if !vnetLaidOut(vnetGetLabels(), key, value) {
		panic("vimage: this Go toolchain keeps profiler labels in a layout that is not known, so images cannot be told apart; build with vimagegen")
	}
	return true
}()

// vnetLaidOut reports whether p is a *vnetLabels of the one label key, value.
// It follows a pointer only after all lengths beside it are the expected ones.
func vnetLaidOut(p unsafe.Pointer, key, value string) bool {
	if p == nil {
		return false
	}
	slice := (*struct {
		data     unsafe.Pointer
		len, cap int
	})(p)
	if slice.data == nil || slice.len != 1 || slice.cap < 1 || slice.cap > 16 {
		return false
	}
	words := (*[4]uintptr)(slice.data)
	if words[1] != uintptr(len(key)) || words[3] != uintptr(len(value)) || words[0] == 0 || words[2] == 0 {
		return false
	}
	l := (*vnetLabel)(slice.data)
	return l.key == key && l.value == value
}

// VnetBusy returns how many calls and goroutines are known to be in im. Here
// those are the ones that VnetEnter counted: a goroutine that an image's code
// started itself is not among them.
func VnetBusy(im *VnetImage) int { return int(atomic.LoadInt32(&im.users)) }

// VnetStacks returns the stacks of im's goroutines, as the profiler's labels
// tell them: an image of the same name would be counted in.
func VnetStacks(im *VnetImage) string {
	var text bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&text, 1); err != nil {
		return err.Error()
	}
	mark := `"vimage":` + strconv.Quote(im.slot.list[0].value)
	var stacks []string
	for _, block := range strings.Split(text.String(), "\n\n") {
		if strings.Contains(block, mark) {
			stacks = append(stacks, block)
		}
	}
	return strings.Join(stacks, "\n\n")
}

// vnetOnSystem reports whether this is a system stack, on which no code of ours
// runs here.
func vnetOnSystem() bool { return false }

// VnetTimeByClock says whether package time goes by the image's clock.
const VnetTimeByClock = false
