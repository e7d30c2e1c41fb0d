package core

import (
	"context"
	"runtime/pprof"
	"testing"
	"unsafe"
)

// TestHookLabels has the hook find its container among all kinds of labels:
// those of an image alone, which it knows by their address, those of others
// with them, and a list that only begins as the image's does.
func TestHookLabels(t *testing.T) {
	m := &VnetModule{Path: "hooked", New: func() unsafe.Pointer { return unsafe.Pointer(new(int)) }}
	VnetReserve(m)
	defer vnetSetLabels(vnetGetLabels())
	want := Vnet(m.Off)
	set := (*vnetLabels)(vnetGetLabels())
	if !vnetAlone(set) {
		t.Fatalf("image 0's labels are not its own set: %+v", *set)
	}
	copied := &vnetLabels{set.list}
	if vnetAlone(copied) {
		t.Error("a copy of the set counts as the image's")
	}
	vnetSetLabels(unsafe.Pointer(copied))
	if got := Vnet(m.Off); got != want {
		t.Errorf("with a copy of the set: %p, want %p", got, want)
	}
	vnetSetLabels(unsafe.Pointer(set))
	for _, key := range []string{"a", "z"} {
		pprof.Do(context.Background(), pprof.Labels(key, "x"), func(context.Context) {
			VnetSwap(&vnet0) // pprof.Do has taken the image's label away
			if vnetAlone((*vnetLabels)(vnetGetLabels())) {
				t.Error("labels of others too count as the image's alone")
			}
			if got := Vnet(m.Off); got != want {
				t.Errorf("among other labels: %p, want %p", got, want)
			}
		})
	}
	vnetSetLabels(nil)
	mustPanic(t, "no image is current", func() { Vnet(m.Off) })
	empty := &vnetLabels{}
	vnetSetLabels(unsafe.Pointer(empty))
	mustPanic(t, "no image is current", func() { Vnet(m.Off) })
}
