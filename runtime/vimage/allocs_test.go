//go:build !vimage_debug

// The debug build notes crossings, which takes memory.

package vimage_test

import "testing"

func TestDoAllocatesNothing(t *testing.T) {
	im := newImage(t)
	f := func() { st().x++ }
	if n := testing.AllocsPerRun(100, func() { im.Do(f) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
