package proof

import (
	"math/bits"
	"slices"

	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// A heldSet is a set of things that nodes hold, by their index in a reach. Most are small; a few hold nearly all.
type heldSet struct {
	small []int32           // in no order, while it is short
	words bitset.Set[int32] // from then on
	// shared says that other sets may have the same words: most nodes hold what the one before them holds.
	shared bool
}

const smallSet = 64

func (s *heldSet) empty() bool { return len(s.small) == 0 && s.words == nil }

// add reports whether i is new.
func (s *heldSet) add(i int32) bool {
	if s.words == nil {
		if slices.Contains(s.small, i) {
			return false
		}
		if len(s.small) < smallSet {
			s.small = append(s.small, i)
			return true
		}
		s.spill(i)
	}
	if s.has(i) {
		return false
	}
	s.own()
	s.words.Add(i)
	return true
}

// own makes the words the set's alone, so that they can be changed.
func (s *heldSet) own() {
	if s.shared {
		s.words, s.shared = slices.Clone(s.words), false
	}
}

// spill turns a small set into bits, with room up to i.
func (s *heldSet) spill(i int32) {
	list := s.small
	s.small, s.words = nil, make([]uint64, i/64+1)
	for _, x := range list {
		s.words.Add(x)
	}
}

func (s *heldSet) grow(word int) {
	if word >= len(s.words) {
		s.words = append(s.words, make([]uint64, word+1-len(s.words))...)
	}
}

func (s *heldSet) has(i int32) bool {
	if s.words == nil {
		return slices.Contains(s.small, i)
	}
	return s.words.Has(i)
}

// addAll adds all of o except for skip, and puts what is new into fresh; it reports whether there was anything.
func (s *heldSet) addAll(o, fresh *heldSet, skip bitset.Set[int32]) bool {
	found := false
	if o.words == nil {
		for _, i := range o.small {
			if !skip.Has(i) && s.add(i) {
				fresh.add(i)
				found = true
			}
		}
		return found
	}
	if s.empty() && fresh.empty() && skip == nil {
		o.shared = true
		*s, *fresh = *o, *o
		return true
	}
	if s.words != nil && &s.words[0] == &o.words[0] && len(s.words) == len(o.words) {
		return false
	}
	for k, w := range o.words {
		if k < len(skip) {
			w &^= skip[k]
		}
		if s.words != nil && k < len(s.words) {
			w &^= s.words[k]
		}
		if w == 0 {
			continue
		}
		if s.words == nil || fresh.words == nil { // it may be few
			for ; w != 0; w &= w - 1 {
				if i := int32(k*64 + bits.TrailingZeros64(w)); s.add(i) {
					fresh.add(i)
					found = true
				}
			}
			continue
		}
		s.own()
		s.grow(k)
		s.words[k] |= w
		fresh.own()
		fresh.grow(k)
		fresh.words[k] |= w
		found = true
	}
	return found
}

// drop takes out what is in o.
func (s *heldSet) drop(o bitset.Set[int32]) {
	s.small = slices.DeleteFunc(s.small, o.Has)
	s.own()
	count := 0
	for k := range s.words {
		if k < len(o) {
			s.words[k] &^= o[k]
		}
		count += bits.OnesCount64(s.words[k])
	}
	if s.words != nil && count <= smallSet {
		list := make([]int32, 0, count)
		s.each(func(i int32) { list = append(list, i) })
		*s = heldSet{small: list}
	}
}

func (s *heldSet) clone() heldSet {
	return heldSet{small: slices.Clone(s.small), words: slices.Clone(s.words)}
}

// without returns s without the elements of o.
func (s *heldSet) without(o *heldSet) heldSet {
	if s.words != nil && o.words != nil {
		out := heldSet{words: slices.Clone(s.words)}
		for k := range min(len(s.words), len(o.words)) {
			out.words[k] &^= o.words[k]
		}
		return out
	}
	var out heldSet
	s.each(func(i int32) {
		if !o.has(i) {
			out.add(i)
		}
	})
	return out
}

// each calls f for all elements.
func (s *heldSet) each(f func(int32)) {
	for _, i := range s.small {
		f(i)
	}
	s.words.Each(f)
}

// A sieve lets through, of what nodes hold, what is of one type. It remembers.
type sieve struct{ known, passes bitset.Set[int32] }

// filter returns what of s passes; test decides about what is new.
func (v *sieve) filter(s *heldSet, test func(int32) bool) heldSet {
	one := func(i int32) bool {
		if !v.known.Has(i) {
			v.known.Add(i)
			if test(i) {
				v.passes.Add(i)
			}
		}
		return v.passes.Has(i)
	}
	var out heldSet
	for _, i := range s.small {
		if one(i) {
			out.add(i)
		}
	}
	if s.words == nil {
		return out
	}
	out.words = make([]uint64, len(s.words))
	for k, w := range s.words {
		unknown := w
		if k < len(v.known) {
			unknown &^= v.known[k]
		}
		for ; unknown != 0; unknown &= unknown - 1 {
			one(int32(k*64 + bits.TrailingZeros64(unknown)))
		}
		if k < len(v.passes) {
			out.words[k] = w & v.passes[k]
		}
	}
	return out
}
