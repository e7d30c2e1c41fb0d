package isolation

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"slices"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// A Change is a place in an image's memory that has another value than it had.
type Change struct {
	Path          // from the variable to the place
	Before, After string
}

// String spells the change, the variable's place first as compilers do.
func (c Change) String() string { return c.Path.String() + " was " + c.Before + " and is " + c.After }

// A Snapshot is what an image's variables led to at one moment: the dump of the
// heap, in a file until it is closed.
type Snapshot struct {
	w     *walk
	roots []int32 // the numbers in the walk of those whose memory counts
	done  func()
}

// Take takes a snapshot of an image. It collects garbage first, so that
// sync.Pools are empty.
func Take(im *vimage.Image, opts ...Option) (*Snapshot, error) {
	runtime.GC() // moves pools' contents aside
	runtime.GC() // drops them
	w, done, err := look(vimage.SharedVariables(), os.TempDir())
	if err != nil {
		return nil, err
	}
	i := slices.Index(w.images, im)
	if i < 0 {
		done()
		return nil, fmt.Errorf("isolation: image %s is over", im.Name())
	}
	s := &Snapshot{w, []int32{int32(i + 1), w.proved()}, done}
	if slices.Contains(opts, Distrust) {
		s.roots = append(s.roots, w.byWord())
	}
	return s, nil
}

// Close removes the file.
func (s *Snapshot) Close() { s.done() }

// Changes compares the memory with that of the snapshot: what the image's
// variables led to and still lead to, and variables that are shared because
// they are proved not to change; with Distrust, those shared by the user's word
// too. What hangs on shared variables of the standard library does not count.
// The image's own goroutines and timers make changes like any other.
func (s *Snapshot) Changes() ([]Change, error) {
	h, done, err := takeHeap(s.w.dir)
	if err != nil {
		return nil, err
	}
	defer done()
	(&walk{h: h}).carve(vimage.SharedVariables())
	d := &difference{walk: s.w, now: h, ways: map[int32]way{}, tiny: map[uint64]bool{}}
	for _, number := range s.roots {
		for _, i := range s.w.containers(number) {
			if _, seen := d.ways[i]; !seen {
				d.ways[i] = s.w.begin(i)
				d.queue = append(d.queue, i)
			}
		}
		for ; len(d.queue) > 0; d.queue = d.queue[1:] {
			d.object(d.queue[0])
		}
	}
	return d.changes, nil
}

// A difference goes through the objects of a snapshot that are still where they
// were.
type difference struct {
	*walk
	now     *heap
	ways    map[int32]way // to the objects that were reached
	queue   []int32
	tiny    map[uint64]bool // addresses in small blocks that were looked at
	changes []Change
}

// object compares one, and follows its pointers that have not changed.
func (d *difference) object(i int32) {
	was := &d.h.objects[i]
	j := d.now.find(was.at)
	if j < 0 || d.now.objects[j].at != was.at || d.now.objects[j].size != was.size {
		return
	}
	is := &d.now.objects[j]
	a, b := d.h.bytes(was, 0, uintptr(was.size)), d.now.bytes(is, 0, uintptr(is.size))
	to := d.ways[i]
	if !bytes.Equal(a, b) && d.compare(to, was, a, b) {
		return
	}
	for n, off := range was.ptrs {
		at := was.words[n]
		t := d.h.find(at)
		if t < 0 || word(b, off) != at || d.owner[t] == everybody {
			continue
		}
		if to := &d.h.objects[t]; to.size <= tinyBlock && len(to.ptrs) == 0 {
			d.small(i, n)
			continue
		}
		if _, seen := d.ways[int32(t)]; seen {
			continue
		}
		if k, other := d.container[int32(t)]; other && d.roots[k].shared == nil {
			continue
		}
		d.ways[int32(t)] = d.along(to, step{i, int32(n)})
		d.queue = append(d.queue, int32(t))
	}
}

// small compares what a pointer leads to in a block that the allocator may have
// given to several: only what its type says, or the first byte, which is there
// in any case.
func (d *difference) small(from int32, ptr int) {
	at := d.h.objects[from].words[ptr]
	to := d.along(d.ways[from], step{from, int32(ptr)})
	if d.tiny[at] || to.at.typ == reflect.TypeFor[byteOfString]() {
		return
	}
	d.tiny[at] = true
	n := uintptr(1)
	if to.at.typ != nil {
		n = to.at.typ.Size()
	}
	if to.at.kind == elements {
		n *= uintptr(d.h.word(&d.h.objects[from], uintptr(d.h.objects[from].ptrs[ptr])+uintptr(wordSize)))
	}
	a, b := d.h.memory(at, n), d.now.memory(at, n)
	if d.now.find(at) < 0 || bytes.Equal(a, b) {
		return
	}
	to.at.base = 0
	d.compare(to, &object{at: at, size: uint64(n)}, a, b)
}

// compare tells what differs in an object, and reports whether that says it
// all.
func (d *difference) compare(to way, was *object, a, b []byte) (all bool) {
	told := map[uintptr]bool{} // beginnings of values
	for off := uintptr(0); off < uintptr(len(a)); off++ {
		if a[off] == b[off] {
			continue
		}
		l := d.leaf(to.at, was, off)
		if l.skip || told[l.base] {
			continue
		}
		told[l.base] = true
		c := Change{Path: to.Path}
		w := to
		w.add(l.text, off)
		c.Path = w.Path
		switch {
		case l.what != "":
			c.Before, c.After = l.what, l.what
		case l.count != "":
			c.Before, c.After = plural(word(a, 0), l.count), plural(word(b, 0), l.count)
			all = true
		case l.typ != nil:
			n := l.base + l.typ.Size()
			if n > uintptr(len(a)) {
				continue
			}
			c.Before, c.After = d.h.describe(l.typ, a[l.base:n]), d.now.describe(l.typ, b[l.base:n])
		default:
			c.Before, c.After = raw(a, off), raw(b, off)
		}
		if c.Before == c.After {
			c.After = "another: " + c.After
		}
		d.changes = append(d.changes, c)
		if all || l.typ == nil {
			return all
		}
		off = l.base + l.typ.Size() - 1
	}
	return false
}

// raw spells the word around an offset.
func raw(b []byte, off uintptr) string {
	at := off &^ uintptr(wordSize-1)
	return fmt.Sprintf("%#x", b[at:min(at+uintptr(wordSize), uintptr(len(b)))])
}

// A leaf is the value of a basic type, or the like, in which an offset of an
// object lies.
type leaf struct {
	text  string
	typ   reflect.Type // nil: not known
	base  uintptr      // where in the object it begins
	count string       // the first word of the object counts this
	skip  bool         // it is of no interest
	what  string       // a pointer to this, of the runtime's own
}

// leaf finds one, in an object of which something is known.
func (d *difference) leaf(at place, o *object, off uintptr) leaf {
	unknown := leaf{text: " ...", base: off &^ uintptr(wordSize-1)}
	if off < at.base {
		return unknown
	}
	in := off - at.base
	switch at.kind {
	case value:
		if in < at.typ.Size() {
			return basic("", at.typ, in, at.base)
		}
	case elements:
		if size := at.typ.Size(); size > 0 {
			return basic(fmt.Sprintf("[%d]", in/size), at.typ, in%size, off-in%size)
		}
	case mapHeader:
		if slices.Contains(o.ptrs, uint32(off&^uintptr(wordSize-1))) || in < uintptr(wordSize) {
			return leaf{count: "entry"}
		}
		return leaf{skip: true}
	case channel:
		if in < uintptr(wordSize) {
			return leaf{count: "value"}
		}
		return leaf{skip: true}
	case mapTable, mapDirectory:
		return d.slot(at, o, off)
	}
	return unknown
}

// slot finds a leaf in a map.
func (d *difference) slot(at place, o *object, off uintptr) leaf {
	begin := off &^ uintptr(wordSize-1)
	if at.kind == mapTable || slices.Contains(o.ptrs, uint32(at.base)) { // tables, or pointers to them
		if slices.Contains(o.ptrs, uint32(begin)) {
			return leaf{text: " (inside)", base: begin, what: "a table"}
		}
		return leaf{skip: true}
	}
	e, ok := entryAt(at.typ, off-at.base)
	if !ok {
		return leaf{skip: true}
	}
	if e.in >= e.elemAt {
		return basic("["+d.key(e.key, o, at.base+e.begin)+"]", e.elem, e.in-e.elemAt, at.base+e.begin+e.elemAt)
	}
	return basic(" (key)", e.key, e.in, at.base+e.begin)
}

// basic goes into structs and arrays.
func basic(text string, t reflect.Type, off, base uintptr) leaf {
	switch t.Kind() {
	case reflect.Struct:
		for i := t.NumField() - 1; i >= 0; i-- {
			f := t.Field(i)
			if f.Offset <= off && off < f.Offset+f.Type.Size() {
				return basic(text+"."+f.Name, f.Type, off-f.Offset, base+f.Offset)
			}
		}
		return leaf{skip: true} // padding
	case reflect.Array:
		if size := t.Elem().Size(); size > 0 {
			return basic(fmt.Sprintf("%s[%d]", text, off/size), t.Elem(), off%size, base+off-off%size)
		}
	}
	return leaf{text: text, typ: t, base: base}
}
