package core

import (
	"context"
	"fmt"
	"runtime/pprof"
	"testing"
	"unsafe"
)

func TestLabelsMerge(t *testing.T) {
	im := new(VnetImage)
	im.slot.init("a")
	ours := im.slot.list[0]
	set := func(keys ...string) *vnetLabels {
		s := &vnetLabels{}
		for _, k := range keys {
			if k == "vimage" {
				s.list = append(s.list, vnet0.slot.list[0])
			} else {
				s.list = append(s.list, vnetLabel{k, "value"})
			}
		}
		return s
	}
	tests := []struct {
		set  *vnetLabels
		im   *VnetImage
		want string
	}{
		{nil, nil, "[]"},
		{nil, im, "[vimage=a]"},
		{set("vimage"), nil, "[]"},
		{set("vimage"), im, "[vimage=a]"},
		{set("b", "z"), im, "[b=value vimage=a z=value]"},
		{set("b", "vimage", "z"), im, "[b=value vimage=a z=value]"},
		{set("b", "vimage", "z"), nil, "[b=value z=value]"},
		{set("vimage", "z"), im, "[vimage=a z=value]"},
		{set("b"), im, "[b=value vimage=a]"},
		{&vnetLabels{[]vnetLabel{{"vimage", "theirs"}}}, im, "[vimage=theirs vimage=a]"},
	}
	for _, test := range tests {
		var got []string
		if merged := vnetWith(test.set, test.im); merged != nil {
			for _, l := range merged.list {
				got = append(got, l.key+"="+l.value)
			}
			if at := vnetOf(merged); at != test.im {
				t.Errorf("%v: found %v", got, at)
			}
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("merged %v, want %s", got, test.want)
		}
	}
	if at := vnetOf(&vnetLabels{[]vnetLabel{{"vimage", ours.value}}}); at != nil {
		t.Error("someone else's label was taken for ours")
	}
}

func TestLongName(t *testing.T) {
	im := new(VnetImage)
	im.slot.init(fmt.Sprintf("%0100d", 7))
	if n := len(im.slot.list[0].value); n != len(im.slot.text) {
		t.Errorf("%d bytes", n)
	}
	if vnetOf(&im.slot.set) != im {
		t.Error("not found")
	}
}

// Labels of the goroutine survive a change of image.
func TestSwapKeepsLabels(t *testing.T) {
	defer vnetSetLabels(vnetGetLabels())
	im := new(VnetImage)
	im.slot.init("a")
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("k", "v")))
	if VnetCurrent() != nil {
		t.Error("pprof's labels hold an image")
	}
	if VnetSwap(im) != nil || VnetCurrent() != im || VnetSwap(nil) != im {
		t.Error("swapped wrongly")
	}
	set := (*vnetLabels)(vnetGetLabels())
	if len(set.list) != 1 || set.list[0] != (vnetLabel{"k", "v"}) {
		t.Errorf("left with %v", set.list)
	}
}

func TestLayout(t *testing.T) {
	const key, value = "vimage.layout", "probe.7"
	laid := func(list ...vnetLabel) unsafe.Pointer { return unsafe.Pointer(&vnetLabels{list}) }
	if !vnetLaidOut(laid(vnetLabel{key, value}), key, value) {
		t.Error("the known layout is refused")
	}
	for name, p := range map[string]unsafe.Pointer{
		"nothing":      nil,
		"no labels":    laid(),
		"two labels":   laid(vnetLabel{key, value}, vnetLabel{key, value}),
		"other value":  laid(vnetLabel{key, "probe.8"}),
		"other length": laid(vnetLabel{key, "probe"}),
		"exchanged":    laid(vnetLabel{value, key}),
		"a map":        *(*unsafe.Pointer)(unsafe.Pointer(&map[string]string{key: value})),
		"zeros":        unsafe.Pointer(new([8]uintptr)),
		"a list of pointers": unsafe.Pointer(&struct{ list []*vnetLabel }{
			append(make([]*vnetLabel, 0, 8), &vnetLabel{key, value}),
		}),
	} {
		if vnetLaidOut(p, key, value) {
			t.Errorf("%s: taken for the known layout", name)
		}
	}
}
