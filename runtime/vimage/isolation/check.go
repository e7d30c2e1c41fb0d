package isolation

import (
	"os"
	"reflect"
	"slices"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// A Leak is an object that two images reach.
type Leak struct {
	Type string  // of the object, or what is known of it
	Size uint64  // bytes
	From [2]Path // the first way found from each image
}

// A Path is the way from a virtual variable to an object.
type Path struct {
	Image    string // its name; "" if the variable is one for all images
	Shared   string // and then why
	Package  string // where the variable is declared
	Variable string
	Place    string // file:line of its declaration, the file named by the package's path; "" if generated code does not say
	Way      string // the same and what follows: pkg.x.field[2]
}

func (l Leak) String() string {
	return l.Type + " is reached by " + l.From[0].String() + " and by " + l.From[1].String()
}

// String spells the path, its place first as compilers do.
func (p Path) String() string {
	text := p.Way + " of image " + p.Image
	if p.Shared != "" {
		text = p.Way + ", shared " + p.Shared + ","
	}
	if p.Place != "" {
		text = p.Place + ": " + text
	}
	return text
}

// An Option is a wish for Check or Take.
type Option int

// Distrust takes variables that are shared by the user's word for an image's.
// Without it, what hangs on them as well is no leak. They are known in programs
// that vimagegen builds with this package.
const Distrust Option = 1

// A root is one container of an image, or a variable that is shared.
type root struct {
	image     *vimage.Image
	container vimage.Container
	shared    *vimage.SharedVariable
}

// at returns the address.
func (r *root) at() uint64 {
	v := r.container.Value
	if r.shared != nil {
		v = r.shared.Value
	}
	if v == nil {
		return 0
	}
	return uint64(reflect.ValueOf(v).Pointer())
}

// Check looks at all live images, and returns what two of them reach, none if
// they are isolated. The program stands still while the heap is written to a
// file in os.TempDir, which needs room for all of it. It may be called from any
// goroutine, of any image or none. An error means that the heap could not be
// looked at.
func Check(opts ...Option) ([]Leak, error) { return check(os.TempDir(), opts) }

func check(dir string, opts []Option) ([]Leak, error) {
	var watched []vimage.SharedVariable
	if slices.Contains(opts, Distrust) {
		watched = slices.DeleteFunc(vimage.SharedVariables(), func(v vimage.SharedVariable) bool { return !v.Word })
	}
	w, done, err := look(watched, dir)
	if err != nil {
		return nil, err
	}
	defer done()
	return w.walkAll(), nil
}

// look dumps the heap, and marks what is nobody's own. What hangs on the shared
// variables named is not marked.
func look(shared []vimage.SharedVariable, dir string) (w *walk, done func(), err error) {
	w = &walk{dir: dir, tiny: map[uint64]step{}, container: map[int32]int{}}
	for im := range vimage.All() {
		w.images = append(w.images, im)
		for _, c := range im.Containers() {
			w.roots = append(w.roots, root{image: im, container: c})
		}
	}
	for i := range shared {
		w.roots = append(w.roots, root{shared: &shared[i]})
	}
	if w.h, done, err = takeHeap(dir); err != nil {
		return nil, nil, err
	}
	w.carve(shared)
	w.owner, w.from = make([]int32, len(w.h.objects)), make([]step, len(w.h.objects))
	w.stop()
	w.shared()
	return w, done, nil
}

// A step is how an object was reached: by a pointer of another one.
type step struct {
	object, ptr int32 // ptr is the index of the pointer; -1: object is a container
}

// Owners of objects that are no image's.
const (
	nobody    int32 = 0
	everybody int32 = -1 // reached from shared variables, or not looked at
)

type walk struct {
	h         *heap
	dir       string // for dumps
	images    []*vimage.Image
	roots     []root
	owner     []int32 // by object: the image that reached it, counted from 1
	from      []step
	container map[int32]int // by object, the index in roots
	queue     []int32
	tiny      map[uint64]step // by address: the first step to an object that may share its memory with others
	tinyOwner map[uint64]int32
	met       []meeting
	told      map[int32]bool // objects of met
}

// A meeting is an object that two images reach.
type meeting struct {
	object int32
	from   [2]step
}

// byWord and proved are the numbers of what hangs on variables that are shared,
// as if these were images'.
func (w *walk) byWord() int32 { return int32(len(w.images) + 1) }
func (w *walk) proved() int32 { return int32(len(w.images) + 2) }

// number is that of a root's image.
func (w *walk) number(r *root) int32 {
	switch {
	case r.shared == nil:
		return int32(slices.Index(w.images, r.image) + 1)
	case r.shared.Word:
		return w.byWord()
	}
	return w.proved()
}

// stop takes what is not to be followed out of the walk: the handles of images,
// and the runtime's goroutines and threads. Roots get their numbers.
func (w *walk) stop() {
	for _, im := range w.images {
		w.mark(uint64(uintptr(unsafe.Pointer(im))))
	}
	for _, at := range w.h.inner {
		w.mark(at)
	}
	for k := range w.roots {
		r := &w.roots[k]
		if i := w.h.find(r.at()); i >= 0 {
			w.owner[i] = w.number(r)
			w.container[int32(i)] = k
			w.from[i] = step{int32(i), -1}
		}
	}
}

// containers returns the objects of the roots of a number, in the roots' order.
func (w *walk) containers(number int32) (list []int32) {
	for k := range w.roots {
		if i := w.h.find(w.roots[k].at()); i >= 0 && w.owner[i] == number && w.container[int32(i)] == k {
			list = append(list, int32(i))
		}
	}
	return list
}

func (w *walk) mark(at uint64) {
	if i := w.h.find(at); i >= 0 {
		w.owner[i] = everybody
	}
}

// shared marks what hangs on variables that are not virtual.
func (w *walk) shared() {
	push := func(at uint64) {
		if i := w.h.find(at); i >= 0 && w.owner[i] == nobody {
			w.owner[i] = everybody
			w.queue = append(w.queue, int32(i))
		}
	}
	for _, at := range w.h.static {
		push(at)
	}
	tables, processors := vimage.Tables()
	skip := map[uint64]bool{uint64(uintptr(processors)): true}
	for _, p := range tables {
		skip[uint64(uintptr(p))] = true
	}
	for _, o := range w.h.segments {
		for i, off := range o.ptrs {
			switch at := o.at + uint64(off); {
			case !skip[at]:
				push(o.words[i])
			case at == uint64(uintptr(processors)):
				w.dead(o.words[i])
			}
		}
	}
	for len(w.queue) > 0 {
		i := w.queue[len(w.queue)-1]
		w.queue = w.queue[:len(w.queue)-1]
		for _, at := range w.h.objects[i].words {
			push(at)
		}
	}
}

// dead marks the structures that a table points to, which are not to be
// followed: timers refer to them, and they to all timers.
func (w *walk) dead(table uint64) {
	t := w.h.find(table)
	if t < 0 {
		return
	}
	w.owner[t] = everybody
	for _, at := range w.h.objects[t].words {
		w.mark(at)
	}
}

// tinyBlock is the size of the allocator's blocks for several small objects
// without pointers.
const tinyBlock = 16

// walkAll walks from each image's containers in turn, and then from shared
// variables.
func (w *walk) walkAll() []Leak {
	w.tinyOwner, w.told = map[uint64]int32{}, map[int32]bool{}
	for me := int32(1); me <= w.byWord(); me++ {
		w.queue = w.containers(me)
		for next := 0; next < len(w.queue); next++ {
			i := w.queue[next]
			for p, at := range w.h.objects[i].words {
				w.follow(me, step{i, int32(p)}, at)
			}
		}
	}
	var leaks []Leak
	for _, m := range w.met {
		if !w.behind(m.from[0]) && !w.behind(m.from[1]) {
			leaks = w.tell(leaks, m)
		}
	}
	return leaks
}

// follow takes one step to an address.
func (w *walk) follow(me int32, s step, at uint64) {
	i := w.h.find(at)
	if i < 0 {
		return
	}
	to := int32(i)
	o := &w.h.objects[i]
	if o.size <= tinyBlock && len(o.ptrs) == 0 && w.owner[i] != everybody {
		switch other := w.tinyOwner[at]; other {
		case nobody:
			w.tinyOwner[at], w.tiny[at] = me, s
		case me:
		default:
			w.meet(to, other, me, w.tiny[at], s)
		}
		return
	}
	switch other := w.owner[i]; other {
	case nobody:
		w.owner[i], w.from[i] = me, s
		w.queue = append(w.queue, to)
	case me, everybody:
	default:
		if !w.told[to] {
			w.meet(to, other, me, w.from[i], s)
		}
	}
}

// meet notes that two images reach an object.
func (w *walk) meet(to, one, two int32, first, second step) {
	w.told[to] = true
	if one > two {
		first, second = second, first
	}
	w.met = append(w.met, meeting{to, [2]step{first, second}})
}

// behind reports whether the way by a step goes through an object that is
// reported itself.
func (w *walk) behind(s step) bool {
	for ; s.ptr >= 0; s = w.from[s.object] {
		if w.told[s.object] {
			return true
		}
	}
	return false
}

// tell adds a leak, unless the object is known not to change.
func (w *walk) tell(leaks []Leak, m meeting) []Leak {
	a, typ := w.path(m.from[0])
	b, other := w.path(m.from[1])
	if typ == nil {
		typ = other
	}
	if text := reflect.TypeFor[byteOfString](); typ == text || other == text {
		return leaks
	}
	l := Leak{Type: "an object of unknown type", Size: w.h.objects[m.object].size, From: [2]Path{a, b}}
	if k, ok := w.container[m.object]; ok && w.roots[k].shared == nil {
		l.Type = "a package's whole state"
	} else if typ != nil {
		l.Type = "a " + typ.String()
	}
	return append(leaks, l)
}
