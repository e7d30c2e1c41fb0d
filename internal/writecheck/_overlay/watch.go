// Package runtime, as the writes checker adds to it: see the documentation of
// internal/writecheck.
//
// Nothing here is instrumented, and what the hooks call neither allocates, nor
// locks, nor splits the stack.
package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"internal/runtime/maps"
	"internal/runtime/syscall/linux"
	"unsafe"
)

// The layout of the two files; table.go and result.go have the other end.
const (
	wcMagic      = 0x31656d6167697676
	wcHeader     = 16 // words of a header
	wcDepth      = 12 // frames kept of a stack
	wcKeyed      = 4  // frames that tell stacks apart
	wcStacks     = 24 // stacks kept of an object
	wcGranule    = 6  // log2 of the bytes behind one bit of the filter
	wcFilterBits = 24 // log2 of the filter's bits
)

// How a write was seen.
const (
	wcStore = iota // an instrumented store
	wcMove         // an instrumented copy
	wcMap
	wcChan
	wcAtomic
	wcCopied   // copied or cleared by the runtime
	wcCompared // memory differs from what it was at main's start
)

type wcSym struct {
	addr, size uintptr
	root       uintptr
}

type wcObj struct {
	addr, size uintptr
	sym        uintptr // 1 + index of its symbol; 0: on the heap
	kept       uintptr // offset in the snapshot
	kinds      uint32  // bits, by kind, of the writes seen
	stacks     uint32
	diff       uintptr // offset of the first difference
}

type wcEdge struct{ from, to uint32 }

type wcHit struct {
	key  uint64
	obj  uint32
	kind uint32
	off  uintptr
	n    uintptr
	pcs  [wcDepth]uintptr
}

type wcState struct {
	on     bool
	syms   []wcSym
	head   *[wcHeader]uintptr
	objs   []wcObj
	edges  []wcEdge
	hits   []wcHit
	filter *[1 << (wcFilterBits - 6)]uint64
	index  []uint32 // 1 + object, by hash of its address
	kept   uintptr
	alive  []unsafe.Pointer
	name   [512]byte
	buf    [wcHeader]uintptr
}

var wc wcState

//go:nosplit
func msanread(addr unsafe.Pointer, sz uintptr) {}

//go:nosplit
func msanmalloc(addr unsafe.Pointer, sz uintptr) {}

//go:nosplit
func msanfree(addr unsafe.Pointer, sz uintptr) {}

//go:nosplit
func msanwrite(addr unsafe.Pointer, sz uintptr) {
	if wc.on && sz != 0 {
		wcWrote(uintptr(addr), wcStore)
	}
}

//go:nosplit
func msanmove(dst, src unsafe.Pointer, sz uintptr) {
	if wc.on && sz != 0 {
		wcWrote(uintptr(dst), wcMove)
	}
}

//go:nosplit
func wcRuntime(addr unsafe.Pointer, sz uintptr) {
	if wc.on && sz != 0 {
		wcWrote(uintptr(addr), wcCopied)
	}
}

//go:linkname wcMapWrite
//go:nosplit
func wcMapWrite(m *maps.Map) {
	if wc.on && m != nil {
		wcWrote(uintptr(unsafe.Pointer(m)), wcMap)
	}
}

// wcSend and wcReceive leave out operations that cannot proceed and do not
// wait, and receives from a channel that is closed and drained: those leave the
// channel as it is.
func wcSend(c *hchan, block bool) {
	if wc.on && c != nil && (block || !full(c)) {
		wcWrote(uintptr(unsafe.Pointer(c)), wcChan)
	}
}

func wcReceive(c *hchan, block bool) {
	if wc.on && c != nil && (c.qcount > 0 || c.closed == 0 && (block || !empty(c))) {
		wcWrote(uintptr(unsafe.Pointer(c)), wcChan)
	}
}

func wcSelect(cases *scase, nsends, n int, block bool) {
	for i, c := range unsafe.Slice(cases, n) {
		if i < nsends {
			wcSend(c.c, block)
		} else {
			wcReceive(c.c, block)
		}
	}
}

//go:nosplit
func wcHash(x uint64) uint64 { return x * 0x9e3779b97f4a7c15 }

// wcWrote records a write if it is to watched memory.
//
//go:nosplit
//go:noinline
func wcWrote(addr uintptr, kind uint32) {
	bit := wcHash(uint64(addr>>wcGranule)) >> (64 - wcFilterBits)
	if wc.filter[bit>>6]&(1<<(bit&63)) == 0 {
		return
	}
	i := wcFind(addr)
	if i < 0 {
		return
	}
	o := &wc.objs[i]
	atomic.Or(&o.kinds, 1<<kind)
	if atomic.Load(&o.stacks) < wcStacks {
		wcStack(uint32(i), addr-o.addr, kind, getfp())
	}
}

// wcFind returns the watched object that addr is in, or -1.
//
//go:nosplit
func wcFind(addr uintptr) int {
	base := addr
	if s := spanOf(addr); s != nil {
		if s.state.get() != mSpanInUse || addr < s.base() || addr >= s.limit {
			return -1
		}
		base = s.base() + s.objIndex(addr)*s.elemsize
	} else if j := wcSymbol(addr); j >= 0 {
		base = wc.syms[j].addr
	}
	return wcLookup(base)
}

//go:nosplit
func wcLookup(base uintptr) int {
	mask := uintptr(len(wc.index) - 1)
	for h := uintptr(wcHash(uint64(base))>>20) & mask; ; h = (h + 1) & mask {
		i := wc.index[h]
		if i == 0 {
			return -1
		}
		if wc.objs[i-1].addr == base {
			return int(i - 1)
		}
	}
}

// wcSymbol returns the data symbol that addr is in, or -1.
//
//go:nosplit
func wcSymbol(addr uintptr) int {
	lo, hi := 0, len(wc.syms)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if wc.syms[m].addr <= addr {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == 0 || addr-wc.syms[lo-1].addr >= wc.syms[lo-1].size {
		return -1
	}
	return lo - 1
}

// wcStack keeps the stack of a write, once for each object and caller. The walk
// goes by frame pointers, which need no tables; a frame that assembly made
// without one is left out.
//
//go:nosplit
func wcStack(obj uint32, off uintptr, kind uint32, fp uintptr) {
	gp := getg()
	lo, hi := gp.stack.lo, gp.stack.hi-16
	key := uint64(obj) + 1
	at := fp
	for i := 0; i < wcKeyed && at >= lo && at <= hi; i++ {
		key = wcHash(key^uint64(*(*uintptr)(unsafe.Pointer(at + 8)))) | 1
		at = *(*uintptr)(unsafe.Pointer(at))
	}
	mask := uint64(len(wc.hits) - 1)
	for h, tries := key>>20&mask, 0; ; h, tries = (h+1)&mask, tries+1 {
		if tries > 64 {
			atomic.Xadduintptr(&wc.head[6], 1)
			return
		}
		hit := &wc.hits[h]
		switch k := atomic.Load64(&hit.key); {
		case k == key:
			return
		case k != 0 || !atomic.Cas64(&hit.key, 0, key):
			continue
		}
		atomic.Xadd(&wc.objs[obj].stacks, 1)
		hit.obj, hit.kind, hit.off = obj, kind, off
		at = fp
		for hit.n < wcDepth && at >= lo && at <= hi {
			pc := *(*uintptr)(unsafe.Pointer(at + 8))
			if pc == 0 {
				return
			}
			hit.pcs[hit.n] = pc
			hit.n++
			next := *(*uintptr)(unsafe.Pointer(at))
			if next <= at {
				return
			}
			at = next
		}
		return
	}
}

// wcSay ends a program that cannot be checked.
func wcSay(what string) {
	print("writecheck: ", what, "\n")
	exit(99)
}

func wcMmap(fd int32, n uintptr, prot, flags int32) unsafe.Pointer {
	p, err := mmap(nil, n, prot, flags, fd, 0)
	if err != 0 {
		wcSay("mmap failed")
	}
	return p
}

// wcStart begins to watch. It runs when all of the program's packages are
// initialised and main has not begun.
func wcStart() {
	name := gogetenv("VIMAGE_WRITES")
	if name == "" || len(name) > len(wc.name)-16 {
		return
	}
	copy(wc.name[:], name)
	fd := open(&wc.name[0], _O_RDONLY, 0)
	if fd < 0 {
		wcSay("no table " + name)
	}
	t := &wc.buf
	if read(fd, unsafe.Pointer(t), int32(unsafe.Sizeof(*t))) != int32(unsafe.Sizeof(*t)) || t[0] != wcMagic {
		wcSay("not a table: " + name)
	}
	if t[1] != abi.FuncPCABIInternal(wcStart) || t[2] != firstmoduledata.edata || t[3] != firstmoduledata.enoptrbss {
		closefd(fd)
		return // the table is another program's, of which this is a child
	}
	nsyms, nobjs, nedges, nhits := t[4], t[5], t[6], t[7]
	symsAt := unsafe.Sizeof(*t)
	base := wcMmap(fd, symsAt+nsyms*unsafe.Sizeof(wcSym{}), _PROT_READ, _MAP_PRIVATE)
	closefd(fd)
	wc.syms = unsafe.Slice((*wcSym)(add(base, symsAt)), nsyms)

	// One result for each process: a program may start itself.
	var digits [20]byte
	suffix := "." + string(itoa(digits[:], uint64(wcPid())))
	copy(wc.name[len(name):], suffix)
	fd = open(&wc.name[0], 0x2|_O_CREAT|_O_TRUNC, 0o666) // read and write
	if fd < 0 {
		wcSay("cannot write " + name + suffix)
	}
	objsAt := unsafe.Sizeof(*t)
	edgesAt := objsAt + nobjs*unsafe.Sizeof(wcObj{})
	hitsAt := edgesAt + nedges*unsafe.Sizeof(wcEdge{})
	end := hitsAt + nhits*unsafe.Sizeof(wcHit{})
	if _, _, err := linux.Syscall6(wcFtruncate, uintptr(fd), end, 0, 0, 0, 0); err != 0 {
		wcSay("ftruncate failed")
	}
	base = wcMmap(fd, end, _PROT_READ|_PROT_WRITE, 0x1) // shared: what is seen outlives the process however it ends
	closefd(fd)
	wc.head = (*[wcHeader]uintptr)(base)
	wc.objs = unsafe.Slice((*wcObj)(add(base, objsAt)), nobjs)[:0]
	wc.edges = unsafe.Slice((*wcEdge)(add(base, edgesAt)), nedges)[:0]
	wc.hits = unsafe.Slice((*wcHit)(add(base, hitsAt)), nhits)
	anon := int32(_MAP_ANON | _MAP_PRIVATE)
	wc.filter = (*[1 << (wcFilterBits - 6)]uint64)(wcMmap(-1, 1<<(wcFilterBits-3), _PROT_READ|_PROT_WRITE, anon))
	n := uintptr(1)
	for n < 2*nobjs {
		n *= 2
	}
	wc.index = unsafe.Slice((*uint32)(wcMmap(-1, 4*n, _PROT_READ|_PROT_WRITE, anon)), n)

	// No collection between the walk and the moment when the objects are held.
	semacquire(&gcsema)
	stw := stopTheWorld(stwUnknown)
	wcWalk()
	wcKeep()
	wc.head[0] = wcMagic
	wc.head[1] = uintptr(len(wc.objs))
	wc.head[2] = uintptr(len(wc.edges))
	wc.on = true
	startTheWorld(stw)
	mp := acquirem() // with it held, the allocation starts no collection
	wc.alive = make([]unsafe.Pointer, len(wc.objs))
	for i, o := range wc.objs {
		if o.sym == 0 {
			// An object that dies leaves its place to others, whose writes are
			// not the variable's.
			wc.alive[i] = unsafe.Pointer(o.addr)
		}
	}
	releasem(mp)
	semrelease(&gcsema)
}

func wcPid() uintptr {
	pid, _, _ := linux.Syscall6(wcGetpid, 0, 0, 0, 0, 0, 0)
	return pid
}

// wcWalk finds what is reachable from the roots, by the collector's own
// knowledge of where pointers are.
func wcWalk() {
	for i := range wc.syms {
		if wc.syms[i].root != 0 {
			wcAdd(wc.syms[i].addr, wc.syms[i].size, uintptr(i)+1)
		}
	}
	own := make(map[uintptr]bool)
	for _, gp := range allgs {
		own[uintptr(unsafe.Pointer(gp))] = true
	}
	for mp := allm; mp != nil; mp = mp.alllink {
		own[uintptr(unsafe.Pointer(mp))] = true
	}
	for i := 0; i < len(wc.objs); i++ {
		o := &wc.objs[i]
		from := uint32(i)
		if o.sym != 0 {
			for at := alignUp(o.addr, 8); at+8 <= o.addr+o.size; at += 8 {
				if wcIsPointer(at) {
					wcReach(from, *(*uintptr)(unsafe.Pointer(at)), own)
				}
			}
			continue
		}
		s := spanOf(o.addr)
		if s.spanclass.noscan() {
			continue
		}
		tp := s.typePointersOfUnchecked(o.addr)
		for {
			var at uintptr
			if tp, at = tp.next(o.addr + s.elemsize); at == 0 {
				break
			}
			wcReach(from, *(*uintptr)(unsafe.Pointer(at)), own)
		}
	}
}

// wcIsPointer reports whether the word of the data segments at the address is a
// pointer.
func wcIsPointer(at uintptr) bool {
	md := &firstmoduledata
	var mask *uint8
	var n uintptr
	switch {
	case md.data <= at && at < md.edata:
		mask, n = md.gcdatamask.bytedata, (at-md.data)/8
	case md.bss <= at && at < md.ebss:
		mask, n = md.gcbssmask.bytedata, (at-md.bss)/8
	default:
		return false
	}
	return *addb(mask, n/8)>>(n%8)&1 != 0
}

// wcReach follows a pointer. Goroutines and threads are the runtime's, and lead
// everywhere. All that has no size lies at one address, where there is no
// memory of anybody.
func wcReach(from uint32, p uintptr, own map[uintptr]bool) {
	if p == 0 || p == uintptr(unsafe.Pointer(&zerobase)) {
		return
	}
	to := -1
	if s := spanOf(p); s != nil {
		if s.state.get() != mSpanInUse || p < s.base() || p >= s.limit {
			return
		}
		base := s.base() + s.objIndex(p)*s.elemsize
		if own[base] {
			return
		}
		to = wcAdd(base, s.elemsize, 0)
	} else if j := wcSymbol(p); j >= 0 {
		to = wcAdd(wc.syms[j].addr, wc.syms[j].size, uintptr(j)+1)
	}
	if to < 0 || uint32(to) == from {
		return
	}
	if len(wc.edges) == cap(wc.edges) {
		wcSay("too many pointers")
	}
	wc.edges = append(wc.edges, wcEdge{from, uint32(to)})
}

// wcAdd enters an object.
func wcAdd(addr, size, sym uintptr) int {
	if i := wcLookup(addr); i >= 0 {
		return i
	}
	if len(wc.objs) == cap(wc.objs) {
		wcSay("too many objects")
	}
	i := len(wc.objs)
	wc.objs = append(wc.objs, wcObj{addr: addr, size: size, sym: sym})
	mask := uintptr(len(wc.index) - 1)
	h := uintptr(wcHash(uint64(addr))>>20) & mask
	for wc.index[h] != 0 {
		h = (h + 1) & mask
	}
	wc.index[h] = uint32(i + 1)
	for g := addr >> wcGranule; g <= (addr+size-1)>>wcGranule; g++ {
		bit := wcHash(uint64(g)) >> (64 - wcFilterBits)
		wc.filter[bit>>6] |= 1 << (bit & 63)
	}
	return i
}

// wcKeep copies all watched memory.
func wcKeep() {
	var n uintptr
	for i := range wc.objs {
		wc.objs[i].kept = n
		n += alignUp(wc.objs[i].size, 8)
	}
	wc.kept = uintptr(wcMmap(-1, n+8, _PROT_READ|_PROT_WRITE, _MAP_ANON|_MAP_PRIVATE))
	wc.head[3] = n
	for i := range wc.objs {
		o := &wc.objs[i]
		memmove(unsafe.Pointer(wc.kept+o.kept), unsafe.Pointer(o.addr), o.size)
	}
}

// wcCompare looks for memory that differs from the copy: assembly, system calls
// and C are seen only thus.
//
//go:linkname wcCompare
func wcCompare() {
	if !wc.on {
		return
	}
	for i := range wc.objs {
		o := &wc.objs[i]
		if o.kinds&(1<<wcCompared) != 0 || memequal(unsafe.Pointer(o.addr), unsafe.Pointer(wc.kept+o.kept), o.size) {
			continue
		}
		for at := uintptr(0); at < o.size; at++ {
			if *(*byte)(unsafe.Pointer(o.addr + at)) != *(*byte)(unsafe.Pointer(wc.kept + o.kept + at)) {
				o.diff = at
				atomic.Or(&o.kinds, 1<<wcCompared)
				break
			}
		}
	}
	atomic.Xadduintptr(&wc.head[4], 1)
}

// wcExit is the last comparison.
func wcExit() {
	wcCompare()
	if wc.on {
		wc.head[5] = 1
	}
}

// wcSymbolize answers which functions and lines program counters stand for,
// inlined calls too, and ends the program.
func wcSymbolize() {
	name := gogetenv("VIMAGE_WRITES_PCS")
	if name == "" || len(name) > len(wc.name)-16 {
		return
	}
	copy(wc.name[:], name)
	fd := open(&wc.name[0], _O_RDONLY, 0)
	if fd < 0 {
		wcSay("no counters " + name)
	}
	for {
		if read(fd, unsafe.Pointer(&wc.buf), 8) != 8 {
			exit(0)
		}
		pc := wc.buf[0] - 1 // a return address
		if f := findfunc(pc); f.valid() {
			for u, uf := newInlineUnwinder(f, pc); uf.valid(); uf = u.next(uf) {
				var digits [20]byte
				file, line := u.fileLine(uf)
				s := u.srcFunc(uf).name() + "\t" + file + "\t" + string(itoa(digits[:], uint64(line))) + "\t"
				write(1, unsafe.Pointer(unsafe.StringData(s)), int32(len(s)))
			}
		}
		s := "\n"
		write(1, unsafe.Pointer(unsafe.StringData(s)), 1)
	}
}
