package core

import (
	"strings"
	"testing"
	"unsafe"
)

// counter returns a module that counts its starts in its container.
func counter(path string) *VnetModule {
	m := &VnetModule{Path: path, New: func() unsafe.Pointer { return unsafe.Pointer(new(int)) }}
	m.Init = func() { *(*int)(Vnet(m.Off))++ }
	return m
}

func count(m *VnetModule, im *VnetImage) int {
	defer VnetSwap(VnetSwap(im))
	return *(*int)(Vnet(m.Off))
}

func start(im *VnetImage) {
	defer VnetSwap(VnetSwap(im))
	for seq := uint64(0); ; {
		var m *VnetModule
		if m, seq = VnetNext(im, seq, true); m == nil {
			return
		}
		if m.Init != nil {
			m.Init()
		}
		VnetBuilt(im, m, true)
	}
}

// atStep runs f once, at the protocol's next step of the name.
func atStep(t *testing.T, step string, f func()) {
	vnetStep = func(at string) {
		if at == step {
			vnetStep = nil
			f()
		}
	}
	t.Cleanup(func() {
		if vnetStep != nil {
			t.Errorf("step %q was not reached", step)
			vnetStep = nil
		}
	})
}

func mustPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if err, _ := recover().(error); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("panic with %v, want %q", err, want)
		}
	}()
	f()
}

func TestNoImage(t *testing.T) {
	m := counter("m")
	VnetRegister(m)
	defer VnetSwap(VnetSwap(nil))
	mustPanic(t, "no image is current", func() { Vnet(m.Off) })
	if VnetCurrent() != nil {
		t.Errorf("in %v", VnetCurrent().Name)
	}
}

// An image is created, and perhaps started, after a module is listed and before
// it is started where it has to be.
func TestCreatedWhileRegistering(t *testing.T) {
	m, im := counter("m"), new(VnetImage)
	atStep(t, "registered", func() {
		VnetCreate(im)
		start(im)
	})
	VnetRegister(m)
	if a, b := count(m, VnetZero()), count(m, im); a != 1 || b != 1 {
		t.Errorf("started %d times in image 0, %d in the new one", a, b)
	}
	VnetEnd(im, VnetClosed)

	m, im = counter("m"), new(VnetImage)
	atStep(t, "registered", func() { VnetCreate(im) })
	VnetRegister(m)
	if n := count(m, im); n != 0 {
		t.Errorf("started %d times in an image that its creator has not started", n)
	}
	start(im)
	if n := count(m, im); n != 1 {
		t.Errorf("started %d times", n)
	}
	VnetEnd(im, VnetClosed)
}

// A module is registered after an image got its containers and before it is
// started.
func TestRegisteredWhileCreating(t *testing.T) {
	m, im := counter("m"), new(VnetImage)
	atStep(t, "created", func() { VnetRegister(m) })
	VnetCreate(im)
	start(im)
	if n := count(m, im); n != 1 {
		t.Errorf("started %d times", n)
	}
	if !VnetEnd(im, VnetClosed) || VnetEnd(im, VnetClosed) {
		t.Error("an image ends once")
	}
	mustPanic(t, im.Name+" is closed", func() { count(m, im) })
}

// An image is closed after a module found it live and before it starts there.
func TestClosedWhileRegistering(t *testing.T) {
	m, im := counter("m"), new(VnetImage)
	VnetCreate(im)
	start(im)
	atStep(t, "registered", func() { VnetEnd(im, VnetClosed) })
	VnetRegister(m)
	if n := count(m, VnetZero()); n != 1 {
		t.Errorf("started %d times", n)
	}
}

func TestDeferred(t *testing.T) {
	vnetMode = "defer"
	defer func() { vnetMode = "" }()
	std, own := counter("std"), counter("own")
	std.Std = true
	VnetRegister(std)
	VnetRegister(own)
	if a, b := count(std, VnetZero()), count(own, VnetZero()); a != 1 || b != 0 {
		t.Errorf("started %d and %d times", a, b)
	}
}

func TestNotNew(t *testing.T) {
	m := &VnetModule{Path: "m"}
	VnetRegister(m)
	if m.Off != 0 {
		t.Errorf("offset %d without a container", m.Off)
	}
}

func TestItoa(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 7: "7", 120: "120", 1<<64 - 1: "18446744073709551615"} {
		if got := vnetItoa(n); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
