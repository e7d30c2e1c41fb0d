package core

import "unsafe"

// An image has a profiler label, by which profiles can be cut by image. The
// label's value is the image's name, and its bytes lie inside the image itself,
// which is how the image is found from it. That the value is ours is known by
// the address of the key's bytes, which no other label can have.
//
// The lists are runtime/pprof's: sorted by key, never changed once in use.

type vnetLabel struct{ key, value string }

type vnetLabels struct{ list []vnetLabel }

// vnetSlot is an image's label.
type vnetSlot struct {
	tag  unsafe.Pointer // to set, for who wants the address of a goroutine's labels
	set  vnetLabels     // of nothing but our label: what most goroutines have
	list [1]vnetLabel
	text [48]byte // the name, cut if need be, never empty
}

var vnetKeyText = [...]byte{'v', 'i', 'm', 'a', 'g', 'e'}

const vnetTextOff = unsafe.Offsetof(VnetImage{}.slot) + unsafe.Offsetof(vnetSlot{}.text)

const vnetSetOff = unsafe.Offsetof(VnetImage{}.slot) + unsafe.Offsetof(vnetSlot{}.set)

// vnetAlone reports whether labels, which are not nil, are the set of an
// image's slot: the list follows the set in memory, and holds our key. The
// image is then known from the set's address, before the list is read.
//
//go:nosplit
func vnetAlone(set *vnetLabels) bool {
	const listOff = unsafe.Offsetof(vnetSlot{}.list) - unsafe.Offsetof(vnetSlot{}.set)
	list := unsafe.SliceData(set.list)
	return uintptr(unsafe.Pointer(list)) == uintptr(unsafe.Pointer(set))+listOff &&
		unsafe.StringData(list.key) == &vnetKeyText[0]
}

func (s *vnetSlot) init(name string) {
	n := copy(s.text[:], name)
	s.list[0] = vnetLabel{unsafe.String(&vnetKeyText[0], len(vnetKeyText)), unsafe.String(&s.text[0], n)}
	s.set.list = s.list[:]
	s.tag = unsafe.Pointer(&s.set)
}

// vnetImageAt returns the image that has an address in its memory, at an
// offset. The proof does not read it: see analyzers/flow/words.txt.
//
//go:nosplit
func vnetImageAt(p unsafe.Pointer, off uintptr) *VnetImage {
	return (*VnetImage)(unsafe.Add(p, -int(off)))
}

// vnetOf finds the image in a goroutine's labels.
//
//go:nosplit
func vnetOf(set *vnetLabels) *VnetImage {
	if set != nil {
		for i := range set.list {
			if l := &set.list[i]; unsafe.StringData(l.key) == &vnetKeyText[0] {
				return vnetImageAt(unsafe.Pointer(unsafe.StringData(l.value)), vnetTextOff)
			}
		}
	}
	return nil
}

// vnetWith returns the labels of set with im's for the one it may have.
// It allocates only if there are labels of others to keep.
func vnetWith(set *vnetLabels, im *VnetImage) *vnetLabels {
	others := 0
	if set != nil {
		for i := range set.list {
			if unsafe.StringData(set.list[i].key) != &vnetKeyText[0] {
				others++
			}
		}
	}
	if others == 0 {
		if im == nil {
			return nil
		}
		return &im.slot.set
	}
	list := make([]vnetLabel, 0, others+1)
	put := im == nil
	for _, l := range set.list {
		if unsafe.StringData(l.key) == &vnetKeyText[0] {
			continue
		}
		if !put && l.key > im.slot.list[0].key {
			list = append(list, im.slot.list[0])
			put = true
		}
		list = append(list, l)
	}
	if !put {
		list = append(list, im.slot.list[0])
	}
	return &vnetLabels{list}
}
