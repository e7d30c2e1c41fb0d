package core

import "unsafe"

// VnetImage is one image, as far as hooks and lists are concerned. Package
// runtime/vimage wraps it in its Image.
type VnetImage struct {
	tab   unsafe.Pointer // *[n]unsafe.Pointer, the containers by offset; nil when the image is over
	box   *vnetTable     // the owner of tab; finalizers hold on to it beyond the image's end
	state uint32
	users int32 // see VnetEnter

	closed chan struct{} // closed with the image, and not when it exits: whoever uses it then waits for ever

	ID   uint64
	Name string
	Args []string       // the image's own os.Args, nil to leave them
	Exit func(code int) // ends the image when os.Exit is called in it, and does not return; nil to let the process exit

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
	VnetClosed  // hooks panic
	VnetExited  // hooks park the goroutine: the image's program has ended
)

// VnetModule is one registered package. Generated code has one for each,
// statically initialised.
type VnetModule struct {
	Path string                // import path
	Std  bool                  // of the standard library: its Init runs in image 0 even when starting is deferred
	New  func() unsafe.Pointer // allocates the zeroed container; nil if the package has only Init
	Init func()                // replays variable initialisers and init functions in the current image
	Off  uintptr               // of the container in the table, in bytes; set by VnetReserve
}

const vnetWord = unsafe.Sizeof(uintptr(0))

// vnetMode is set by the linker: "defer" leaves the program's own packages
// unstarted in image 0, for binaries that run the program in other images only.
var vnetMode string

// All of this is guarded by vnetLock.
var (
	vnet0        VnetImage
	vnetLastID   uint64
	vnetImages   []*VnetImage  // listed images, by age
	vnetModules  []*VnetModule // in order of registration; nil where one failed
	vnetReserved []*VnetModule // by slot; slot 0 stays empty so that Off 0 means none
)

// vnetStep lets tests stand between the steps of the protocol; else nil.
var vnetStep func(step string)

func init() {
	vnetReserved = make([]*VnetModule, 1, 64)
	vnet0.Name = "vnet0"
	vnetList(&vnet0)
	vnetStore32(&vnet0.state, VnetLive)
	VnetSwap(&vnet0)
}

// Vnet is the hook's body: the current image's container at off. It panics where
// no image is current and when the image is closed, and never returns when the
// image has exited. It has to inline, hence its shape: a call would cost too much.
func Vnet(off uintptr) unsafe.Pointer {
	im := VnetCurrent()
	if im == nil {
		panic((*vnetMisuse)(im))
	}
	tab := vnetLoad(&im.tab)
	if tab == nil {
		<-im.closed
		panic((*vnetMisuse)(im))
	}
	return *(*unsafe.Pointer)(unsafe.Add(tab, off))
}

// VnetOver is the error of using im when it is over.
func VnetOver(im *VnetImage) error { return (*vnetMisuse)(im) }

// vnetMisuse is the error of using an image that is nil or over.
type vnetMisuse VnetImage

func (im *vnetMisuse) Error() string {
	switch {
	case im == nil:
		return "vimage: virtual state used where no image is current (a callback that no image started: tie it to one with vimage.Bind)"
	case vnetLoad32(&im.state) == VnetExited:
		return "vimage: image " + im.Name + " has exited"
	default:
		return "vimage: image " + im.Name + " is closed"
	}
}

// VnetZero returns image 0.
func VnetZero() *VnetImage { return &vnet0 }

// VnetDeferred reports whether the program is left unstarted in image 0.
func VnetDeferred() bool { return vnetMode == "defer" }

// VnetImages returns the live images, by age.
func VnetImages() []*VnetImage {
	vnetLock()
	var live []*VnetImage
	for _, im := range vnetImages {
		if vnetLoad32(&im.state) == VnetLive {
			live = append(live, im)
		}
	}
	vnetUnlock()
	return live
}

// VnetHas reports whether a module is registered for the import path.
func VnetHas(path string) bool {
	vnetLock()
	has := false
	for _, m := range vnetModules {
		has = has || m != nil && m.Path == path
	}
	vnetUnlock()
	return has
}

// VnetReserve gives m its offset, and every listed image a container. A second
// call does nothing.
func VnetReserve(m *VnetModule) {
	if m.New == nil {
		return
	}
	vnetLock()
	if m.Off == 0 {
		i := len(vnetReserved)
		vnetReserved = append(vnetReserved, m)
		for _, im := range vnetImages {
			vnetPut(im, i, m.New())
		}
		m.Off = uintptr(i) * vnetWord
	}
	vnetUnlock()
}

// VnetRegister reserves m, and starts it in every live image: in image 0, unless
// starting is deferred, and in whichever others there are. When m.Init panics,
// m is taken out of all images again.
func VnetRegister(m *VnetModule) {
	VnetReserve(m)
	vnetLock()
	slot := len(vnetModules)
	vnetModules = append(vnetModules, m)
	var started []*VnetImage
	for _, im := range vnetImages {
		if vnetLoad32(&im.state) == VnetLive {
			started = append(started, im)
		}
	}
	vnetUnlock()
	if vnetStep != nil {
		vnetStep("registered")
	}
	if m.Init == nil {
		return
	}
	prev := VnetCurrent()
	done := false
	defer func() {
		VnetSwap(prev)
		if !done {
			vnetUnregister(m, slot)
		}
	}()
	for _, im := range started {
		if im == &vnet0 && VnetDeferred() && !m.Std {
			continue
		}
		VnetSwap(im)
		if vnetLoad(&im.tab) != nil { // else it was closed meanwhile
			m.Init()
		}
	}
	done = true
}

// vnetUnregister takes back what VnetRegister did.
func vnetUnregister(m *VnetModule, slot int) {
	vnetLock()
	vnetModules[slot] = nil
	if i := int(m.Off / vnetWord); i != 0 {
		vnetReserved[i] = nil
		for _, im := range vnetImages {
			vnetPut(im, i, nil)
		}
		m.Off = 0
	}
	vnetUnlock()
}

// VnetCreate gives im, of which only Name, Args and Exit are set, its identity
// and a zeroed container of every module, and lists it. The caller then starts
// the modules one by one, as VnetNext names them.
func VnetCreate(im *VnetImage) {
	vnetLock()
	vnetLastID++
	im.ID = vnetLastID
	if im.Name == "" {
		im.Name = "vnet" + vnetItoa(im.ID)
	}
	vnetList(im)
	vnetUnlock()
	if vnetStep != nil {
		vnetStep("created")
	}
}

// vnetList completes im and lists it, under the lock.
func vnetList(im *VnetImage) {
	im.box = &vnetTable{make([]unsafe.Pointer, cap(vnetReserved))}
	vnetComplete(im)
	vnetImages = append(vnetImages, im)
}

// vnetComplete gives im, which has a table long enough, the containers that it
// lacks, and lets it be used, under the lock.
func vnetComplete(im *VnetImage) {
	im.slot.init(im.Name)
	im.closed = make(chan struct{})
	for i, m := range vnetReserved {
		if m != nil && im.box.entry[i] == nil {
			im.box.entry[i] = m.New()
		}
	}
	vnetStore(&im.tab, unsafe.Pointer(&im.box.entry[0]))
}

// vnetPut stores container p as im's entry i, in a larger table if need be.
func vnetPut(im *VnetImage, i int, p unsafe.Pointer) {
	box := im.box
	if i < len(box.entry) {
		vnetStore(&box.entry[i], p)
		return
	}
	larger := make([]unsafe.Pointer, 2*len(box.entry))
	copy(larger, box.entry)
	larger[i] = p
	box.entry = larger
	vnetStore(&im.tab, unsafe.Pointer(&larger[0]))
}

// VnetNext returns the module to start after the first i in im, and the count
// to pass the next time. When there are no more, it returns nil and im is live.
func VnetNext(im *VnetImage, i int) (*VnetModule, int) {
	vnetLock()
	for i < len(vnetModules) && (vnetModules[i] == nil || vnetModules[i].Init == nil) {
		i++
	}
	var m *VnetModule
	if i < len(vnetModules) {
		m = vnetModules[i]
		i++
	} else {
		vnetCas32(&im.state, VnetStarting, VnetLive)
	}
	vnetUnlock()
	return m, i
}

// VnetState returns im's state.
func VnetState(im *VnetImage) uint32 { return vnetLoad32(&im.state) }

// VnetClose moves im from live to closing, and reports whether it did.
func VnetClose(im *VnetImage) bool { return vnetCas32(&im.state, VnetLive, VnetClosing) }

// VnetEnd takes im's table away and leaves it in the given state, closed or exited.
// It reports false when im was over already.
func VnetEnd(im *VnetImage, state uint32) bool {
	vnetLock()
	listed := false
	for i, other := range vnetImages {
		if other == im {
			// A new array: the old one may be what a range statement reads.
			vnetImages = append(append([]*VnetImage(nil), vnetImages[:i]...), vnetImages[i+1:]...)
			listed = true
			break
		}
	}
	if listed {
		vnetStore32(&im.state, state)
		im.box = nil
		vnetStore(&im.tab, nil)
		if state == VnetClosed {
			close(im.closed)
		}
	}
	vnetUnlock()
	return listed
}

// VnetEnter makes im current, for a call, and returns the image to give to
// VnetLeave after it. It panics when im is closing or over, unless it is current.
//
// users counts those who belong to an image although they cannot be found in
// it by looking at all goroutines: where the slot lets us look (vnetScans),
// those who left for a call in another image, elsewhere all that came in.
func VnetEnter(im *VnetImage) (prev *VnetImage) {
	prev = VnetCurrent()
	if prev == im && vnetScans {
		return prev
	}
	if counted := vnetCounted(im, prev); counted != nil {
		vnetAdd32(&counted.users, 1)
	}
	VnetSwap(im)
	if prev != im && vnetLoad32(&im.state) > VnetLive {
		VnetLeave(im, prev)
		panic(VnetOver(im))
	}
	return prev
}

// VnetLeave ends what VnetEnter began.
func VnetLeave(im, prev *VnetImage) {
	if prev == im && vnetScans {
		return
	}
	VnetSwap(prev)
	if counted := vnetCounted(im, prev); counted != nil {
		vnetAdd32(&counted.users, -1)
	}
}

func vnetCounted(im, prev *VnetImage) *VnetImage {
	if vnetScans {
		im = prev
	}
	if im == &vnet0 { // never closed, so nobody needs to know
		return nil
	}
	return im
}

// VnetAdd counts, where VnetBusy cannot see it, a goroutine started in im.
func VnetAdd(im *VnetImage, d int32) {
	if !vnetScans {
		vnetAdd32(&im.users, d)
	}
}

// VnetResume makes im current on a goroutine that was started to run one of its
// callbacks, and reports whether to run it: not when im is over.
func VnetResume(im *VnetImage) bool {
	VnetSwap(im)
	return vnetLoad(&im.tab) != nil
}

// VnetHeld is an image with its containers, which may be needed when it is over.
type VnetHeld struct {
	im  *VnetImage
	box *vnetTable
}

// VnetHold returns the current image so, if there is one.
func VnetHold() VnetHeld {
	im := VnetCurrent()
	if im == nil {
		return VnetHeld{}
	}
	return VnetHeld{im, im.box}
}

// Resume makes the image current, for what has to be done even if the image is
// over. Then a stand-in with its containers takes its place.
func (h VnetHeld) Resume() {
	im := h.im
	if im != nil && h.box != nil && vnetLoad(&im.tab) == nil {
		im = &VnetImage{ID: im.ID, Name: im.Name, Args: im.Args, Exit: im.Exit, state: VnetClosing, box: h.box}
		vnetLock()
		if len(h.box.entry) < len(vnetReserved) {
			larger := make([]unsafe.Pointer, cap(vnetReserved))
			copy(larger, h.box.entry)
			h.box.entry = larger
		}
		vnetComplete(im) // fills in what was reserved since the image's end
		vnetUnlock()
	}
	VnetSwap(im)
}

// VnetExit is called at the head of os.Exit. It returns only if the exit is
// that of the process.
func VnetExit(code int) {
	if im := VnetCurrent(); im != nil && im.Exit != nil {
		im.Exit(code)
	}
}

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
