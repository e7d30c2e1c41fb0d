package core

import "unsafe"

// VnetImage is one image, as far as hooks and lists are concerned. Package
// runtime/vimage wraps it in its Image.
type VnetImage struct {
	tab   unsafe.Pointer // *[n]unsafe.Pointer, the containers by offset; nil when the image is over
	box   *vnetTable     // the owner of tab; finalizers hold on to it beyond the image's end
	state uint32
	users int32 // see doc.go
	trips int32 // in the label slot of driven builds, grows with each entrance and each call that leaves for another image

	closed chan struct{} // closed with the image, and not when it exits: whoever uses it then waits for ever

	// Guarded by vnetLock.
	next, prev *VnetImage     // in the list of images
	built      []*VnetModule  // those with a destructor, in order of construction
	claims     int32          // constructions and destructions that others than creator and closer have under way
	entries    *VnetEntry     // the ledger of registrations, latest first
	timed      uint32         // 1 if it ever made a timer
	ref        unsafe.Pointer // *VnetRef, nil until somebody asks

	ID    uint64
	Name  string
	Args  []string                    // the image's own os.Args, nil to leave them
	Env   []string                    // the image's own environment to begin with, nil for the process's
	Exit  func(code int)              // is told of os.Exit in the image; the process exits if it returns. nil does nothing
	Panic func(values, stacks []byte) // ends the image for an unrecovered panic, which the runtime prints so; nil: the process ends
	Wide  func(what string) bool      // is asked before the image changes or measures what the process has one of; nil does nothing
	Own   any                         // package vimage's part; set before the image is listed. Not unsafe.Pointer, by which the proof would lose sight
	Sys   any                         // package syscall's part
	Fds   *VnetFds                    // nil for image 0
	Clock *VnetClock                  // the image's own clock, nil for the system's; set before the image is listed
	At    uintptr                     // where it was closed, or exited: a return address

	slot vnetSlot
}

// A vnetTable is the memory behind VnetImage.tab.
type vnetTable struct {
	entry []unsafe.Pointer
}

// The states of an image, in the order in which they are passed through.
const (
	VnetStarting uint32 = iota
	VnetLive
	VnetClosing // no way in, except for those inside
	VnetEnding  // and not for callbacks either
	VnetClosed  // hooks panic
	VnetExited  // hooks park the goroutine: the image's program has ended
)

// VnetModule is one registered package, of which generated code has one for
// each, statically initialised, or one that was registered by vimage.Register.
type VnetModule struct {
	Path string                   // import path, or name
	Std  bool                     // of the standard library: its Init runs in image 0 even when starting is deferred
	New  func() unsafe.Pointer    // allocates the zeroed container; nil if the package has only Init
	Init func()                   // replays variable initialisers and init functions in the current image
	Look func(unsafe.Pointer) any // makes a typed pointer of a container's address; may be nil
	// Joined is not "" if the container is that of a variable with names in
	// several packages: the linker's name for it. Modules with the same share
	// the place in the table, and so the memory.
	Joined string
	Off    uintptr // of the container in the table, in bytes; set by VnetReserve

	// Of generated containers, which begin with a VnetHead.
	Bare  uintptr               // offset of the first variable without pointers, or the container's size; 0 if there is no head
	Shift func() unsafe.Pointer // as New, at an offset of VnetShift bytes in its object; nil where New's is aligned

	// Sysinit are the package's sysinit and sysuninit functions, in the order
	// of the source.
	Sysinit []VnetSysinit

	// Of vimage.Register's modules only.
	Start func() error // constructor
	Stop  func() error // destructor
	Late  bool         // such a module: its container begins with a pointer to it, so that its slot can be used again

	seq     uint64 // grows from module to module; 0 if not listed. Guarded by vnetLock
	shifted bool   // Shift allocates, not New. Guarded by vnetLock
	leaving bool   // is passed over by VnetNext. Guarded by vnetLock
	busy    int32  // constructions under way, and destructions by closers of images. Guarded by vnetLock
}

// VnetSysinit is a function marked //vimage:sysinit or //vimage:sysuninit.
type VnetSysinit struct {
	Subsystem, Order uint32
	Undo             bool         // sysuninit
	Func             func() error // this,
	Call             func()       // or this
	Name             string       // of the function, with its package
	Pos              string       // file:line of its declaration
}

const vnetWord = unsafe.Sizeof(uintptr(0))

// vnetMode is set by the linker: "defer" leaves the program's own packages
// unstarted in image 0, for binaries that run the program in other images only.
var vnetMode string

// All of this is guarded by vnetLock.
var (
	vnet0        VnetImage // the head of the list of images, which is in order of age
	vnetLastID   uint64
	vnetLastSeq  uint64
	vnetModules  []*VnetModule // by seq
	vnetReserved []*VnetModule // by slot; slot 0 stays empty so that Off 0 means none
	vnetFree     []int         // slots that may be used again, by late modules
	vnetBooted   bool          // image 0 has run its sysinit functions
)

// vnetStep lets tests stand between the steps of the protocol; else nil.
var vnetStep func(step string)

// VnetStep is for steps of the protocol that package vimage takes.
func VnetStep(step string) { vnetAt(step) }

func vnetAt(step string) {
	if vnetStep != nil {
		vnetStep(step)
	}
}

func init() {
	vnetReserved = make([]*VnetModule, 1, 64)
	vnet0.Name = "vnet0"
	vnet0.prev = &vnet0
	vnet0.box = &vnetTable{make([]unsafe.Pointer, cap(vnetReserved))}
	vnetComplete(&vnet0)
	vnetStore32(&vnet0.state, VnetLive)
	VnetSwap(&vnet0)
}

// vnetContainer returns im's container at off, for Vnet, the hook's body: each
// slot has its own. It panics where no image is current and when the image is
// closed, and never returns when the image has exited. In the g slot the hook
// has to inline, hence the shape.
func vnetContainer(im *VnetImage, off uintptr) unsafe.Pointer {
	if im == nil {
		panic((*vnetMisuse)(im))
	}
	tab := vnetLoad(&im.tab)
	if tab == nil {
		<-im.closed
		panic((*vnetMisuse)(im))
	}
	p := *(*unsafe.Pointer)(unsafe.Add(tab, off))
	if VnetDebug {
		vnetCheck(im, off, p)
	}
	return p
}

// vnetCheck panics if p, found at off, is not im's container, or im not the
// current image any longer.
func vnetCheck(im *VnetImage, off uintptr, p unsafe.Pointer) {
	if vnetOnSystem() {
		return
	}
	vnetLock()
	i := int(off / vnetWord)
	ok := VnetCurrent() == im && im.box != nil && i < len(im.box.entry) && im.box.entry[i] == p && p != nil
	vnetUnlock()
	if !ok {
		panic((*vnetStray)(im))
	}
}

// vnetStray is the error of a hook that came upon a container which is not the
// current image's.
type vnetStray VnetImage

func (im *vnetStray) Error() string {
	return "vimage: a hook in image " + im.Name + " found a container that is not the image's"
}

// VnetLookup is Vnet for the offset of a late module, which another goroutine
// may be about to take back: what is there is of another module then, or nil.
func VnetLookup(off uintptr) unsafe.Pointer {
	im := VnetCurrent()
	if im == nil {
		panic((*vnetMisuse)(im))
	}
	tab := vnetLoad(&im.tab)
	if tab == nil {
		<-im.closed
		panic((*vnetMisuse)(im))
	}
	return vnetLoad((*unsafe.Pointer)(unsafe.Add(tab, off)))
}

// VnetOver is the error of using im when it is over.
func VnetOver(im *VnetImage) error { return (*vnetMisuse)(im) }

// vnetMisuse is the error of using an image that is nil or over.
type vnetMisuse VnetImage

func (im *vnetMisuse) Error() string {
	if im == nil {
		if f := vnetExported(); f != "" {
			return "vimage: virtual state used where no image is current: C called " + f +
				" on a thread of its own, and the program runs in several images (tie what it is to do to one with vimage.Bind)"
		}
		return "vimage: virtual state used where no image is current (a callback that no image started: tie it to one with vimage.Bind)"
	}
	s := "vimage: image " + im.Name
	place := ""
	if im.At != 0 {
		place = VnetPlace(im.At)
	}
	switch vnetLoad32(&im.state) {
	case VnetExited:
		s += " has exited"
		if place != "" {
			s += " at " + place
		}
	case VnetClosed:
		s += " is closed"
		if place != "" {
			s += ", by Close at " + place
		}
	default:
		s += " is closing"
		if place != "" {
			s += ", by Close at " + place
		}
	}
	return s
}

// VnetZero returns image 0.
func VnetZero() *VnetImage { return &vnet0 }

// VnetDeferred reports whether the program is left unstarted in image 0.
func VnetDeferred() bool { return vnetMode == "defer" }

// VnetState returns im's state.
func VnetState(im *VnetImage) uint32 { return vnetLoad32(&im.state) }

func vnetItoa(n uint64) string {
	var b [20]byte
	i := len(b)
	for {
		i--
		b[i] = byte('0' + n%10)
		if n /= 10; n == 0 {
			return string(b[i:])
		}
	}
}
