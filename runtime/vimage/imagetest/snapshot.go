package imagetest

import (
	"reflect"
	"slices"
	"strings"
	"unsafe"
)

// A Container is the variables of one package in one image: a pointer to a
// struct with a field V_x for each variable x.
type Container struct {
	Path  string
	Value any
}

// A Snapshot is what the variables of an image refer to, up to a depth, at one
// moment. It is taken while the image's code does not run.
type Snapshot struct {
	vars []snapped
}

// A snapped variable is a list of memory that is reachable from it.
type snapped struct {
	name    string
	regions []region
}

// A region is a value in memory and its copy, or a map and its entries.
type region struct {
	at, copy     reflect.Value
	keys, values []reflect.Value // of a map
}

// How far a snapshot follows references, and how many regions of a variable it
// takes.
const (
	deepest     = 8
	mostRegions = 5000
)

// Take takes a snapshot of containers.
func Take(list []Container) *Snapshot {
	s := new(Snapshot)
	for _, c := range list {
		p := reflect.ValueOf(c.Value)
		if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.Struct {
			continue
		}
		for i := range p.Elem().NumField() {
			name, ok := strings.CutPrefix(p.Elem().Type().Field(i).Name, "V_")
			if !ok {
				continue
			}
			t := taker{seen: map[seenAt]bool{}}
			t.take(plain(p.Elem().Field(i)), 0)
			s.vars = append(s.vars, snapped{c.Path + "." + name, t.regions})
		}
	}
	return s
}

// Changed returns the names of the variables that have changed since, sorted.
func (s *Snapshot) Changed() (names []string) {
	for _, v := range s.vars {
		if slices.ContainsFunc(v.regions, region.changed) {
			names = append(names, v.name)
		}
	}
	slices.Sort(names)
	return names
}

// Restore gives variables the values back that they had.
func (s *Snapshot) Restore(names []string) {
	for _, v := range s.vars {
		if slices.Contains(names, v.name) {
			for _, r := range v.regions {
				r.restore()
			}
		}
	}
}

// plain is an addressable value, with which reflection lets everything be done.
func plain(v reflect.Value) reflect.Value {
	return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
}

type seenAt struct {
	at  unsafe.Pointer
	typ reflect.Type
}

// A taker collects the regions of a variable.
type taker struct {
	seen    map[seenAt]bool
	regions []region
}

// take takes an addressable value and what it refers to.
func (t *taker) take(v reflect.Value, depth int) {
	at := seenAt{unsafe.Pointer(v.UnsafeAddr()), v.Type()}
	if t.seen[at] || len(t.regions) >= mostRegions || v.Type().Size() == 0 {
		return
	}
	t.seen[at] = true
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	t.regions = append(t.regions, region{at: v, copy: copied})
	t.follow(v, depth)
}

// follow takes what a value, which is taken, refers to.
func (t *taker) follow(v reflect.Value, depth int) {
	if depth > deepest || len(t.regions) >= mostRegions {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			t.take(v.Elem(), depth+1)
		}
	case reflect.Interface:
		if !v.IsNil() && v.Elem().Kind() == reflect.Pointer {
			t.follow(v.Elem(), depth)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			t.follow(plain(v.Field(i)), depth)
		}
	case reflect.Array:
		for i := range v.Len() {
			t.follow(v.Index(i), depth)
		}
	case reflect.Slice:
		for i := range v.Len() {
			t.take(v.Index(i), depth+1)
		}
	case reflect.Map:
		r := region{at: v, keys: v.MapKeys()}
		for _, k := range r.keys {
			r.values = append(r.values, v.MapIndex(k))
		}
		if !v.IsNil() {
			t.regions = append(t.regions, r)
		}
		for _, value := range r.values {
			if value.Kind() == reflect.Pointer {
				t.follow(value, depth)
			}
		}
	}
}

// changed reports whether the region is not what it was.
func (r region) changed() bool {
	if r.copy.IsValid() {
		return !same(r.at, r.copy)
	}
	if r.at.Len() != len(r.keys) {
		return true
	}
	for i, k := range r.keys {
		if v := r.at.MapIndex(k); !v.IsValid() || !sameValue(v, r.values[i]) {
			return true
		}
	}
	return false
}

// sameValue is same for values that have no address.
func sameValue(a, b reflect.Value) bool {
	x, y := reflect.New(a.Type()).Elem(), reflect.New(b.Type()).Elem()
	x.Set(a)
	y.Set(b)
	return same(x, y)
}

// same compares two values in memory, byte by byte.
func same(a, b reflect.Value) bool {
	n := a.Type().Size()
	return string(unsafe.Slice((*byte)(unsafe.Pointer(a.UnsafeAddr())), n)) ==
		string(unsafe.Slice((*byte)(unsafe.Pointer(b.UnsafeAddr())), n))
}

// restore makes the region what it was.
func (r region) restore() {
	if r.copy.IsValid() {
		r.at.Set(r.copy)
		return
	}
	r.at.Clear()
	for i, k := range r.keys {
		r.at.SetMapIndex(k, r.values[i])
	}
}
