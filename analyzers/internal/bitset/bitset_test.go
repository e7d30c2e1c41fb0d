package bitset

import (
	"slices"
	"testing"
)

func TestSet(t *testing.T) {
	var s, o Set[int32]
	for _, i := range []int32{130, 0, 63, 64, 0} {
		s.Add(i)
	}
	o.Add(200)
	o.Add(64)
	if s.Has(129) || s.Has(1000) || !s.Has(64) || !s.Has(130) || s.Len() != 4 {
		t.Errorf("got %v", s)
	}
	o.Union(s)
	var all []int32
	o.Each(func(i int32) { all = append(all, i) })
	if !slices.Equal(all, []int32{0, 63, 64, 130, 200}) || s.Len() != 4 {
		t.Errorf("got %v", all)
	}
}
