package look

import (
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// Limits say how much is read.
type Limits struct {
	Depth    int // of the tree
	Children int // of one node
	Nodes    int // of one variable
	Text     int // bytes of one string
	Maps     MapReading
}

// Variable reads the variable of type t at p.
func Variable(name string, t reflect.Type, p unsafe.Pointer, limits Limits) (n *Node) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if e := recover(); e != nil {
			n = &Node{Name: name, Type: t.String(), Text: fmt.Sprint("could not be read: ", e)}
		}
	}()
	r := &reader{limits: limits, path: map[place]bool{}}
	return r.read(name, t, p, 0)
}

// a place is a value that is being read; a pointer back to it is not followed.
type place struct {
	t reflect.Type
	p unsafe.Pointer
}

type reader struct {
	limits Limits
	nodes  int
	path   map[place]bool
}

// summer is what counters by P have.
type summer interface{ SumAny() any }

func (r *reader) read(name string, t reflect.Type, p unsafe.Pointer, depth int) *Node {
	r.nodes++
	n := &Node{Name: name, Type: t.String()}
	at := place{t, p}
	if r.path[at] {
		n.Text = "(see above)"
		return n
	}
	r.path[at] = true
	defer delete(r.path, at)
	switch t.Kind() {
	case reflect.Struct:
		r.structure(n, t, p, depth)
	case reflect.Array:
		r.elements(n, t.Elem(), p, t.Len(), depth)
		n.Text = plural(t.Len(), "element")
	case reflect.Slice:
		h := (*[3]uintptr)(unsafe.Pointer(stable(t, p)))
		n.Text = plural(int(h[1]), "element")
		if *(*unsafe.Pointer)(unsafe.Pointer(h)) == nil {
			n.Text = "nil"
		} else if t.Elem().Kind() == reflect.Uint8 {
			r.bytes(n, *(*unsafe.Pointer)(unsafe.Pointer(h)), int(h[1]))
		} else {
			r.elements(n, t.Elem(), *(*unsafe.Pointer)(unsafe.Pointer(h)), int(h[1]), depth)
		}
	case reflect.String:
		s := *(*string)(stable(t, p))
		n.Text = strconv.Quote(strings.Clone(s[:min(len(s), r.limits.Text)]))
		if len(s) > r.limits.Text {
			n.Text += "... " + plural(len(s), "byte")
		}
	case reflect.Pointer:
		q := *(*unsafe.Pointer)(p)
		if q == nil {
			n.Text = "nil"
			break
		}
		n.Text = "&" + t.Elem().Name()
		r.child(n, depth, func() *Node { return r.read("", t.Elem(), q, depth+1) })
		if c := n.adopt(); c != nil && len(c.Children) == 0 && c.Text != "" {
			n.Text = "&" + c.Text
		}
	case reflect.Interface:
		r.dynamic(n, reflect.NewAt(t, stable(t, p)).Elem(), depth)
	case reflect.Map:
		r.entries(n, t, p, depth)
	case reflect.Chan:
		if c := reflect.NewAt(t, p).Elem(); c.IsNil() {
			n.Text = "nil"
		} else {
			n.Text = fmt.Sprintf("%d of %d", c.Len(), c.Cap())
		}
	case reflect.Func:
		n.Text = "nil"
		if code := *(*unsafe.Pointer)(p); code != nil {
			n.Text = runtime.FuncForPC(*(*uintptr)(code)).Name()
		}
	case reflect.UnsafePointer:
		n.Text = "nil"
		if *(*unsafe.Pointer)(p) != nil {
			n.Text = "not nil"
		}
	default:
		n.Text, n.number = fmt.Sprint(scalar(t, p)), isNumber(t)
		if t == reflect.TypeFor[time.Duration]() {
			n.Text, n.number = time.Duration(*(*int64)(p)).String(), false
		}
	}
	return n
}

// scalar returns a number or boolean as a value of its basic type, which has no
// methods.
func scalar(t reflect.Type, p unsafe.Pointer) any {
	v := reflect.NewAt(t, p).Elem()
	switch {
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	case v.CanFloat():
		return v.Float()
	case v.CanComplex():
		return v.Complex()
	}
	return v.Bool()
}

// stable copies what is at p until two copies in a row are equal, and returns
// the copy.
func stable(t reflect.Type, p unsafe.Pointer) unsafe.Pointer {
	if c := copyOf(t, p); c != nil {
		return c
	}
	panic("it changes all the time")
}

// child adds what add reads, if the limits let it.
func (r *reader) child(n *Node, depth int, add func() *Node) {
	if depth >= r.limits.Depth || len(n.Children) >= r.limits.Children || r.nodes >= r.limits.Nodes {
		n.More++
		return
	}
	n.Children = append(n.Children, add())
}

func (r *reader) structure(n *Node, t reflect.Type, p unsafe.Pointer, depth int) {
	v := reflect.NewAt(t, p)
	switch {
	case strings.HasPrefix(t.String(), "pcpu."): // ours: the sum of what all Ps counted
		if s, ok := v.Interface().(summer); ok {
			r.dynamic(n, reflect.ValueOf(s.SumAny()), depth)
			return
		}
	case t == reflect.TypeFor[time.Time]():
		n.Text = (*(*time.Time)(stable(t, p))).Round(0).Format(time.RFC3339Nano)
		return
	case t.PkgPath() == "sync/atomic":
		if r.atomic(n, t, p, depth) {
			return
		}
	case t == reflect.TypeFor[sync.Map]():
		r.concurrent(n, p, depth)
		return
	case t.PkgPath() == "sync" || t.PkgPath() == "internal/sync":
		return // of interest to nobody
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Name != "_" {
			r.child(n, depth, func() *Node { return r.read("."+f.Name, f.Type, unsafe.Add(p, f.Offset), depth+1) })
		}
	}
}

// atomic reads a value of package sync/atomic, if it knows its type.
func (r *reader) atomic(n *Node, t reflect.Type, p unsafe.Pointer, depth int) bool {
	f, ok := t.FieldByName("v")
	switch {
	case t == reflect.TypeFor[atomic.Value](): // Load knows of a Store that is under way
		n.Text = "nil"
		if v := (*atomic.Value)(p).Load(); v != nil {
			r.dynamic(n, reflect.ValueOf(v), depth)
		}
	case t == reflect.TypeFor[atomic.Bool]():
		n.Text = strconv.FormatBool((*atomic.Bool)(p).Load())
	case !ok:
		return false
	case f.Type.Kind() == reflect.UnsafePointer: // a Pointer[T], with a field of type [0]*T
		if t.NumField() == 0 || t.Field(0).Type.Kind() != reflect.Array || t.Field(0).Type.Elem().Kind() != reflect.Pointer {
			return false
		}
		v := r.read("", t.Field(0).Type.Elem(), unsafe.Add(p, f.Offset), depth)
		n.Text, n.Children, n.More = v.Text, v.Children, v.More
	default:
		v := r.read("", f.Type, unsafe.Add(p, f.Offset), depth)
		n.Text, n.number = v.Text, v.number
	}
	return true
}

// elements adds those of an array or slice.
func (r *reader) elements(n *Node, t reflect.Type, p unsafe.Pointer, count, depth int) {
	for i := range count {
		if len(n.Children) >= r.limits.Children || r.nodes >= r.limits.Nodes || depth >= r.limits.Depth {
			n.More = count - i
			return
		}
		n.Children = append(n.Children, r.read("["+strconv.Itoa(i)+"]", t, unsafe.Add(p, uintptr(i)*t.Size()), depth+1))
	}
}

func (r *reader) bytes(n *Node, p unsafe.Pointer, count int) {
	b := slices.Clone(unsafe.Slice((*byte)(p), min(count, r.limits.Text)))
	n.Text = plural(count, "byte") + " " + strconv.Quote(string(b))
	if count > len(b) {
		n.Text += "..."
	}
}

// dynamic adds what an interface holds. The value is copied first: an
// interface's own memory never changes.
func (r *reader) dynamic(n *Node, v reflect.Value, depth int) {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		n.Text = "nil"
		return
	}
	held := reflect.New(v.Type())
	held.Elem().Set(v)
	r.child(n, depth, func() *Node { return r.read("", v.Type(), held.UnsafePointer(), depth+1) })
	if c := n.adopt(); c != nil {
		n.Type, n.Text, n.number = c.Type, c.Text, c.number
	}
}

// adopt puts what hangs on the only child in its place, and returns that.
func (n *Node) adopt() *Node {
	if len(n.Children) != 1 {
		return nil
	}
	c := n.Children[0]
	n.Children, n.More, n.keyed = c.Children, c.More, c.keyed
	return c
}

func plural(n int, word string) string {
	switch {
	case n == 1:
		return "1 " + word
	case strings.HasSuffix(word, "y"):
		return strconv.Itoa(n) + " " + word[:len(word)-1] + "ies"
	}
	return strconv.Itoa(n) + " " + word + "s"
}
