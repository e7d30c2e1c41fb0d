package core

import "testing"

// late returns a late module that counts what is built and undone.
func late(built, undone map[*VnetImage]int) *VnetModule {
	return &VnetModule{
		Path: "late", Late: true,
		Start: func() error { built[VnetCurrent()]++; return nil },
		Stop:  func() error { undone[VnetCurrent()]++; return nil },
	}
}

// give is what package vimage's registrar does.
func give(t *testing.T, m *VnetModule) {
	live, ok := VnetList(m)
	if !ok {
		t.Fatal("listed already")
	}
	for _, im := range live {
		if VnetClaim(im, m) {
			prev := VnetSwap(im)
			err := m.Start()
			VnetSwap(prev)
			VnetClaimed(im, m, err == nil)
		}
	}
}

// takeBack is what the unregistrar does.
func takeBack(m *VnetModule) {
	VnetLeaving(m)
	for _, im := range VnetHolders(m) {
		if VnetTake(im, m) {
			prev := VnetSwap(im)
			m.Stop()
			VnetSwap(prev)
			VnetTaken(im)
		}
	}
	VnetUnlist(m)
}

// shut is what the closer does.
func shut(im *VnetImage) {
	VnetClose(im, 0)
	defer VnetSwap(VnetSwap(im))
	for m := VnetPop(im); m != nil; m = VnetPop(im) {
		if m.Stop != nil {
			m.Stop()
		}
		VnetPopped(m)
	}
	VnetLastCall(im)
	VnetEnd(im, VnetClosed)
}

// create is what the creator does.
func create(im *VnetImage) {
	VnetCreate(im)
	defer VnetSwap(VnetSwap(im))
	for seq := uint64(0); ; {
		var m *VnetModule
		if m, seq = VnetNext(im, seq, true); m == nil {
			return
		}
		if m.Start != nil {
			m.Start()
		}
		VnetBuilt(im, m, true)
	}
}

func live(t *testing.T) *VnetImage {
	im := new(VnetImage)
	VnetCreate(im)
	start(im)
	t.Cleanup(func() { VnetEnd(im, VnetClosed) })
	return im
}

// At each step of a registration an image is closed, and one is created:
// whatever is built in an image is undone there, once, and nothing is built
// twice or missed.
func TestLateMeetsImages(t *testing.T) {
	for _, step := range []string{"registered", "claimed"} {
		built, undone := map[*VnetImage]int{}, map[*VnetImage]int{}
		m, closing, staying, created := late(built, undone), live(t), live(t), new(VnetImage)
		meet := func() {
			if closing.claims > 0 {
				return // its closer waits for that
			}
			shut(closing)
			create(created)
		}
		atStep(t, step, meet)
		give(t, m)
		if built[closing] != 0 || built[staying] != 1 || built[created] != 1 || built[VnetZero()] != 1 {
			t.Errorf("at %q built %d, %d, %d, %d times", step, built[closing], built[staying], built[created], built[VnetZero()])
		}
		shut(created)
		takeBack(m)
		for im, n := range built {
			if undone[im] != n {
				t.Errorf("at %q built %d times, undone %d times in %s", step, n, undone[im], im.Name)
			}
		}
	}
}

// An image is closed, or created, while a module leaves.
func TestLeavingMeetsImages(t *testing.T) {
	built, undone := map[*VnetImage]int{}, map[*VnetImage]int{}
	m, closing, created := late(built, undone), live(t), new(VnetImage)
	give(t, m)
	atStep(t, "leaving", func() {
		shut(closing)
		create(created)
	})
	takeBack(m)
	if built[closing] != 1 || undone[closing] != 1 || built[created] != 0 || undone[VnetZero()] != 1 {
		t.Errorf("built %v, undone %v", built, undone)
	}
	VnetEnd(created, VnetClosed)
}

// Who gives a creation up keeps what is built later from being forgotten.
func TestAbandoned(t *testing.T) {
	built, undone := map[*VnetImage]int{}, map[*VnetImage]int{}
	m, im := late(built, undone), new(VnetImage)
	give(t, m)
	VnetCreate(im)
	var next *VnetModule
	for seq := uint64(0); next != m; {
		next, seq = VnetNext(im, seq, true)
	}
	if VnetModuleBusy(m) != 1 {
		t.Error("nobody is said to construct")
	}
	if !VnetAbandon(im) || VnetAbandon(im) {
		t.Error("an image is abandoned once")
	}
	if next, _ := VnetNext(im, 0, true); next != nil {
		t.Errorf("an abandoned image is to construct %s", next.Path)
	}
	if VnetBuilt(im, m, true) {
		t.Error("an abandoned image took what was built")
	}
	VnetEnd(im, VnetExited)
	takeBack(m)
	if VnetModuleBusy(m) != 0 || undone[VnetZero()] != 1 {
		t.Error("the module did not get out")
	}
}

// A callback comes between the closer's first look and the end.
func TestResumeMeetsEnd(t *testing.T) {
	im := live(t)
	r := VnetRefer(im)
	prev := VnetCurrent()
	VnetClose(im, 0)
	if !r.Resume() {
		t.Error("kept out of a closing image")
	}
	VnetSwap(prev)
	VnetLastCall(im)
	if r.Resume() {
		t.Error("let in at the end")
	}
	VnetSwap(prev)
	VnetEnd(im, VnetClosed)
	if r.Resume() || VnetRefer(im).Resume() {
		t.Error("let in after the end")
	}
}

func TestLedger(t *testing.T) {
	im := live(t)
	a, b := &VnetEntry{Key: "a"}, &VnetEntry{Key: "b"}
	if !VnetNote(im, a) || !VnetNote(im, b) || !VnetNoted(im, "a") {
		t.Error("not noted")
	}
	VnetStrikeKey("a")
	if VnetNoted(im, "a") || !VnetStrike(im, b) || VnetStrike(im, b) || len(VnetEntries(im)) != 0 {
		t.Error("not struck")
	}
	VnetEnd(im, VnetClosed)
	if VnetNote(im, a) {
		t.Error("noted after the end")
	}
}
