package isolation

import (
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// A carver makes objects of parts of the data and bss segments: of shared
// variables, and of the static memory that they lead to, whose extent their
// types tell.
type carver struct {
	h     *heap
	taken []map[uint64]bool // by segment, the words that belong to an object
	plain map[uint64]bool   // what has an object outside of the segments
	made  []object
	todo  []piece
	own   []string // modules of the program
}

// A piece is static memory to be made an object.
type piece struct {
	at, size uint64
	place    place
}

// carve does that. The walk is needed to read types.
func (w *walk) carve(list []vimage.SharedVariable) {
	if len(list) == 0 {
		return
	}
	c := &carver{h: w.h, own: modules(), plain: map[uint64]bool{}}
	for range w.h.segments {
		c.taken = append(c.taken, map[uint64]bool{})
	}
	for _, v := range list {
		p := reflect.ValueOf(v.Value)
		t := p.Type().Elem()
		c.todo = append(c.todo, piece{uint64(p.Pointer()), uint64(t.Size()), place{kind: value, typ: t}})
	}
	for ; len(c.todo) > 0; c.todo = c.todo[1:] {
		c.piece(w, c.todo[0])
	}
	for i := range w.h.segments {
		c.compact(i)
	}
	w.h.objects = append(w.h.objects, c.made...)
	w.h.sort()
}

// piece makes an object, as far as its memory does not belong to another, and
// notes what it leads to.
func (c *carver) piece(w *walk, p piece) {
	i := slices.IndexFunc(c.h.segments, func(s object) bool { return s.at <= p.at && p.at < s.at+s.size })
	if i < 0 { // it has no pointers, or it is read-only; neither is in the dump
		if p.size > 0 && !hasPointers(p.place.typ) && !c.plain[p.at] {
			if b := c.h.memory(p.at, uintptr(p.size)); b != nil {
				c.plain[p.at] = true
				c.made = append(c.made, object{at: p.at, size: p.size, mem: b})
			}
		}
		return
	}
	s := &c.h.segments[i]
	o := object{at: p.at, pos: s.pos + int64(p.at-s.at)}
	for ; o.size < p.size && o.at+o.size < s.at+s.size && !c.taken[i][(o.at+o.size)/wordSize]; o.size = min(o.size+wordSize, p.size) {
		c.taken[i][(o.at+o.size)/wordSize] = true
	}
	if o.size == 0 {
		return
	}
	first, _ := slices.BinarySearch(s.ptrs, uint32(o.at-s.at))
	for k := first; k < len(s.ptrs) && s.at+uint64(s.ptrs[k]) < o.at+o.size; k++ {
		o.ptrs, o.words = append(o.ptrs, uint32(s.at+uint64(s.ptrs[k])-o.at)), append(o.words, s.words[k])
	}
	for n, at := range o.words {
		if c.h.find(at) >= 0 {
			continue // of the heap
		}
		if _, to := w.step(p.place, &o, n); to.typ != nil && c.ours(to.typ) {
			switch to.kind {
			case value:
				c.todo = append(c.todo, piece{at, uint64(to.typ.Size()), to})
			case elements:
				length := c.h.word(&o, uintptr(o.ptrs[n])+uintptr(wordSize))
				c.todo = append(c.todo, piece{at, length * uint64(to.typ.Size()), to})
			}
		}
	}
	c.made = append(c.made, o)
}

// compact takes from a segment the pointers that now belong to objects.
func (c *carver) compact(i int) {
	s, kept := &c.h.segments[i], 0
	for k, off := range s.ptrs {
		if !c.taken[i][(s.at+uint64(off))/wordSize] {
			s.ptrs[kept], s.words[kept] = off, s.words[k]
			kept++
		}
	}
	s.ptrs, s.words = s.ptrs[:kept], s.words[:kept]
}

// ours reports whether static memory of the type may be the program's own: what
// a standard package keeps there is everybody's.
func (c *carver) ours(t reflect.Type) bool {
	path := t.PkgPath()
	switch {
	case t == reflect.TypeFor[byteOfString]():
		return false
	case path == "" || path == "main":
		return true
	}
	return slices.ContainsFunc(c.own, func(m string) bool {
		return path == m || strings.HasPrefix(path, m+"/") || strings.HasPrefix(path, m+"_test")
	})
}

// modules names those that the program is made of.
func modules() []string {
	list := []string{"command-line-arguments"}
	if info, ok := debug.ReadBuildInfo(); ok {
		list = append(list, info.Main.Path)
		for _, m := range info.Deps {
			list = append(list, m.Path)
		}
	}
	return list
}

// hasPointers reports whether values of the type hold any.
func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return t.Len() > 0 && hasPointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	}
	return t.Kind() >= reflect.Chan
}
