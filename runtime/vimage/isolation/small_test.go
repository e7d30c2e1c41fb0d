//go:build !race

package isolation_test

import (
	"testing"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/isolation"
)

// TestSmall changes memory of the block of the allocator in which the image's
// small variables lie. Under the race detector it has such a block for each of
// them.
func TestSmall(t *testing.T) {
	im, s := newShop(t, "still")
	var near *int32
	for block := uintptr(1); block != uintptr(unsafe.Pointer(near))&^15; {
		s.V_small, near = new(int), new(int32)
		block = uintptr(unsafe.Pointer(s.V_small)) &^ 15
	}
	snap, err := isolation.Take(im)
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	*near++
	if changes, err := snap.Changes(); err != nil || len(changes) > 0 {
		t.Errorf("changes are %v, %v", changes, err)
	}
	*s.V_small++
	if changes, err := snap.Changes(); err != nil || len(changes) != 1 || changes[0].Before != "0" {
		t.Errorf("changes are %v, %v", changes, err)
	}
}
