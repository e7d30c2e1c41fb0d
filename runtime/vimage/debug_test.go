//go:build vimage_debug

package vimage_test

import (
	"math"
	"strings"
	"testing"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
)

func TestDebugPoison(t *testing.T) {
	type inner struct {
		s string
		f [2]float32
	}
	type vars struct {
		V_n int16
		v_u uint64
		V_i inner
		V_m map[string]int
	}
	var m vimage.VnetModule
	m = vimage.VnetModule{
		Path: "example.com/poisoned",
		New:  func() unsafe.Pointer { return unsafe.Pointer(new(vars)) },
		Look: func(p unsafe.Pointer) any { return (*vars)(p) },
	}
	vimage.VnetRegister(&m)
	im, err := vimage.New()
	if err != nil {
		t.Fatal(err)
	}
	var kept *vars
	im.Do(func() {
		kept = (*vars)(vimage.Vnet(m.Off))
		*kept = vars{1, 2, inner{"a", [2]float32{1, 2}}, map[string]int{"a": 1}}
	})
	closeImage(t, im)
	pattern := uint16(0xA5A5)
	if kept.V_n != int16(pattern) || kept.v_u != 0xA5A5A5A5A5A5A5A5 || !math.IsNaN(float64(kept.V_i.f[1])) || kept.V_m != nil ||
		!strings.Contains(kept.V_i.s, "closed image") {
		t.Errorf("%+v", kept)
	}
}

func TestDebugCrossings(t *testing.T) {
	im := newImage(t, vimage.WithName("to"))
	before := len(vimage.Crossings())
	for range 3 {
		im.Do(func() { im.Do(func() {}) }) // the outer one crosses
	}
	found := 0
	for _, c := range vimage.Crossings() {
		if c.To == "to" && c.From == home.Name() && strings.HasSuffix(c.Func, "TestDebugCrossings") && strings.HasSuffix(c.File, "debug_test.go") && c.Line > 0 {
			found++
		}
	}
	if found != 1 || len(vimage.Crossings()) != before+1 {
		t.Errorf("%+v", vimage.Crossings())
	}
}
