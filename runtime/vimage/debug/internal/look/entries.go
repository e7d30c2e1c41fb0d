package look

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// MapReading says how entries of maps are read.
type MapReading int

const (
	NoMaps    MapReading = iota // only their number is read
	Snapshot                    // a walk over the map's memory, which does no harm to the program. For KnowsMaps alone
	Iteration                   // Go's own, which ends the process if the map is written at that moment
)

// mapEntries bounds how many entries of a map are looked at. Those with the
// smallest keys are shown, so that maps of two images show the same ones.
const mapEntries = 10000

// entries adds those of the map at p, sorted by key, if they are wanted.
func (r *reader) entries(n *Node, t reflect.Type, p unsafe.Pointer, depth int) {
	m := *(*unsafe.Pointer)(p)
	if m == nil {
		n.Text = "nil"
		return
	}
	count := reflect.NewAt(t, unsafe.Pointer(&m)).Elem().Len()
	n.Text = plural(count, "entry")
	if r.limits.Maps == NoMaps || depth >= r.limits.Depth {
		n.More = count
		return
	}
	var list []pair
	if r.limits.Maps == Snapshot {
		var ok bool
		if list, ok = snapshot((*mapHeader)(m), layoutOf(t), mapEntries); !ok {
			n.Text += ", which change all the time"
			n.More = count
			return
		}
	} else {
		for it := reflect.NewAt(t, unsafe.Pointer(&m)).Elem().MapRange(); len(list) < mapEntries && it.Next(); {
			key, elem := reflect.New(t.Key()), reflect.New(t.Elem())
			key.Elem().Set(it.Key())
			elem.Elem().Set(it.Value())
			list = append(list, pair{key.UnsafePointer(), elem.UnsafePointer()})
		}
	}
	r.pairs(n, t.Key(), t.Elem(), list, depth)
	n.More = max(count-len(n.Children), 0)
}

// pairs adds entries, sorted by key.
func (r *reader) pairs(n *Node, key, elem reflect.Type, list []pair, depth int) {
	n.keyed = true
	type named struct {
		pair
		name  string
		order any
	}
	sorted := make([]named, len(list))
	for i, p := range list {
		e := named{pair: p}
		limits := Limits{Depth: 2, Children: 4, Nodes: 20, Text: 80}
		k := (&reader{limits: limits, path: map[place]bool{}}).read("", key, p.key, 0)
		e.name = "[" + k.Line(200) + "]"
		if isNumber(key) {
			e.order = scalar(key, p.key)
		}
		sorted[i] = e
	}
	slices.SortStableFunc(sorted, func(a, b named) int {
		if c := compareNumbers(a.order, b.order); c != 0 {
			return c
		}
		return strings.Compare(a.name, b.name)
	})
	for _, e := range sorted {
		if len(n.Children) >= r.limits.Children || r.nodes >= r.limits.Nodes {
			break
		}
		n.Children = append(n.Children, r.read(e.name, elem, e.elem, depth+1))
	}
}

func isNumber(t reflect.Type) bool {
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64
}

func compareNumbers(a, b any) int {
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case uint64:
		return cmp.Compare(a, b.(uint64))
	case float64:
		return cmp.Compare(a, b.(float64))
	}
	return 0
}

// concurrent adds the entries of the sync.Map at p. Its own Range reads those,
// as it meets writers by design; on a map that was never used it would
// initialise it, with a lock, so this is looked at first.
func (r *reader) concurrent(n *Node, p unsafe.Pointer, depth int) {
	t := reflect.TypeFor[sync.Map]()
	f, ok := t.FieldByName("m")
	if !ok || f.Type.Kind() != reflect.Struct {
		return
	}
	inited, ok := f.Type.FieldByName("inited")
	if !ok || inited.Type != reflect.TypeFor[atomic.Uint32]() {
		return
	}
	var list []pair
	more := 0
	if (*atomic.Uint32)(unsafe.Add(p, f.Offset+inited.Offset)).Load() != 0 {
		(*sync.Map)(p).Range(func(key, value any) bool {
			if len(list) < mapEntries {
				list = append(list, pair{unsafe.Pointer(&key), unsafe.Pointer(&value)})
			} else {
				more++
			}
			return true
		})
	}
	n.Text = plural(len(list)+more, "entry")
	if depth < r.limits.Depth {
		r.pairs(n, reflect.TypeFor[any](), reflect.TypeFor[any](), list, depth)
	}
	n.More = len(list) + more - len(n.Children)
}
