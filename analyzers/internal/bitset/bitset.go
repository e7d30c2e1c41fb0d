// Package bitset holds sets of small numbers: types, functions, things that
// nodes hold, by their index.
//
// A set is the words of its bits and grows with what is added. The zero value
// is empty. It is not safe for concurrent use.
package bitset

import "math/bits"

// A Set holds numbers from 0.
type Set[I ~int32] []uint64

// Has reports whether i is in the set.
func (s Set[I]) Has(i I) bool { return int(i/64) < len(s) && s[i/64]&(1<<(i%64)) != 0 }

// Add puts i into the set.
func (s *Set[I]) Add(i I) {
	for int(i/64) >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[i/64] |= 1 << (i % 64)
}

// Union adds all of o.
func (s *Set[I]) Union(o Set[I]) {
	for len(*s) < len(o) {
		*s = append(*s, 0)
	}
	for i, w := range o {
		(*s)[i] |= w
	}
}

// Len returns how many there are.
func (s Set[I]) Len() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// Each calls f for all, in order.
func (s Set[I]) Each(f func(I)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			f(I(i*64 + bits.TrailingZeros64(w)))
		}
	}
}
