package runtime

import (
	"internal/runtime/atomic"
	"internal/stringslite"
)

// The runtime ends a process all of whose goroutines are blocked for ever
// (checkdead). An image's goroutines are so if none of them can run, no timer
// of theirs is set, and nothing outside of the image can wake them. The last is
// known of images that the launcher starts, by the plan: what a program's own
// code blocks on (channels, mutexes, wait groups) is reachable from its own
// image alone, unless the user has variables shared by his word. Then, and in
// programs that make images themselves, nothing here is asked. What a standard
// package blocks on may be one for all images (the lookups of package net), so
// an image with such a goroutine counts as alive.

// vnetWatched says that the images' deadlocks can be told: see VnetWatch.
var vnetWatched bool

// VnetWatch has the launcher look for deadlocks of images. Generated code of
// package main calls it.
func VnetWatch() { vnetWatched = true }

// VnetWatches reports whether VnetDeadlocked can know. Where C is linked in, it
// may call Go at any time, as checkdead takes it, too.
func VnetWatches() bool { return vnetWatched && !iscgo }

// VnetDeadlocked reports whether im's goroutines are blocked for ever. It is
// false when that is not certain.
func VnetDeadlocked(im *VnetImage) bool {
	if vnetDead(im, false) == 0 { // a look without stopping anything
		return false
	}
	stw := stopTheWorld(stwAllGoroutinesStack)
	dead := false
	systemstack(func() {
		n := vnetDead(im, true)
		dead = n > 0 && n == int(atomic.Loadint32(&im.users)) && im.entries == nil && !vnetAwaitsTimer(im)
	})
	startTheWorld(stw)
	return dead
}

// VnetCheckDead ends the process if all of its goroutines but the caller are
// blocked for ever. The runtime would find that by itself if the caller were
// not about to sleep.
func VnetCheckDead() {
	stw := stopTheWorld(stwAllGoroutinesStack)
	dead := true
	systemstack(func() {
		me := getg().m.curg
		forEachGRace(func(gp *g) {
			status := readgstatus(gp) &^ _Gscan
			if gp == me || status == _Gdead || status == _Gidle || isSystemGoroutine(gp, false) {
				return
			}
			dead = dead && status == _Gwaiting && vnetBlocks(gp.waitreason)
		})
		for _, pp := range allp {
			dead = dead && (pp == nil || len(pp.timers.heap) == 0)
		}
	})
	startTheWorld(stw)
	if dead {
		fatal("all goroutines are asleep - deadlock!")
	}
}

// VnetLooksDead reports whether none of im's goroutines can run at the moment.
func VnetLooksDead(im *VnetImage) bool { return vnetDead(im, false) > 0 }

// vnetDead returns the number of im's goroutines if all of them are blocked,
// else 0. With frames, which needs the world stopped, it looks at what they are
// blocked on, too.
func vnetDead(im *VnetImage, frames bool) int {
	n, alive := 0, false
	me := getg().m.curg
	forEachGRace(func(gp *g) {
		status := readgstatus(gp) &^ _Gscan
		if alive || status == _Gdead || status == _Gidle || gp == me {
			return
		}
		if gp.vnet != im && gp.vnetHome != im {
			// One without an image may be about to call something in it.
			if frames && gp.vnet == nil && status != _Gwaiting && !isSystemGoroutine(gp, false) {
				alive = true
			}
			return
		}
		if gp.vnet != gp.vnetHome || status != _Gwaiting || !vnetBlocks(gp.waitreason) || frames && !vnetOwnWait(gp) {
			alive = true
			return
		}
		n++
	})
	if alive {
		return 0
	}
	return n
}

// vnetBlocks reports whether a goroutine with this reason to wait needs another
// goroutine to go on.
func vnetBlocks(r waitReason) bool {
	switch r {
	case waitReasonSemacquire, waitReasonSyncCondWait, waitReasonSyncMutexLock, waitReasonSyncRWMutexRLock,
		waitReasonSyncRWMutexLock, waitReasonSyncWaitGroupWait, waitReasonChanReceiveNilChan, waitReasonChanSendNilChan,
		waitReasonSelectNoCases, waitReasonSelect, waitReasonChanReceive, waitReasonChanSend:
		return true
	}
	return false
}

// vnetOwnWait reports whether what gp is blocked on is the program's own: the
// first caller outside of packages without state, which block on what they are
// given, is no function of the standard library.
func vnetOwnWait(gp *g) bool {
	var u unwinder
	for u.init(gp, unwindSilentErrors); u.valid(); u.next() {
		for iu, uf := newInlineUnwinder(u.frame.fn, u.symPC()); uf.valid(); uf = iu.next(uf) {
			sf := iu.srcFunc(uf)
			switch name := sf.name(); vnetOriginOf(name) {
			case vnetRuntimeWait:
				if !vnetWaitsFor(name[len("runtime."):]) {
					return false
				}
			case vnetForeignWait:
				return false
			case vnetProgramWait:
				return true
			}
		}
	}
	return true
}

// vnetWaitsFor reports whether a function of the runtime blocks for its caller,
// not for something that the whole process has one of.
func vnetWaitsFor(function string) bool {
	switch function {
	case "gopark", "goparkunlock", "semacquire1", "chanrecv", "chanrecv1", "chanrecv2", "chansend", "chansend1",
		"selectgo", "block":
		return true
	}
	return false
}

// A vnetOrigin is whose function a goroutine is blocked in.
type vnetOrigin int

const (
	vnetPassedWait  vnetOrigin = iota // by a package that blocks on what its caller gave it
	vnetRuntimeWait                   // by the runtime, for the program or for itself
	vnetForeignWait                   // by another standard package
	vnetProgramWait
)

// vnetOriginOf tells by the name of a function where it belongs. A package of
// the program's own whose path looks like a standard one's counts as standard.
func vnetOriginOf(function string) vnetOrigin {
	slash := -1
	for i := range len(function) {
		if c := function[i]; c == '[' || c == '(' {
			break
		} else if c == '/' {
			slash = i
		}
	}
	end := slash + 1
	for end < len(function) && function[end] != '.' {
		end++
	}
	path := function[:end]
	switch path {
	case "runtime":
		return vnetRuntimeWait
	case "testing":
		if vnetOfTests(function[len("testing."):]) {
			return vnetPassedWait
		}
	case "sync", "internal/sync", "io", "bufio", "context", "iter", "slices", "maps", "sort", "reflect":
		return vnetPassedWait
	case "main":
		return vnetProgramWait
	}
	top := path
	if i := stringslite.IndexByte(path, '/'); i >= 0 {
		top = path[:i]
	}
	switch top {
	case "archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto", "database", "debug",
		"embed", "encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image", "index", "internal",
		"io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp", "runtime",
		"slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "text", "time", "unicode",
		"unique", "unsafe", "vendor", "weak":
		return vnetForeignWait
	}
	return vnetProgramWait
}

// vnetOfTests reports whether a function of package testing blocks on its own
// image's tests alone.
func vnetOfTests(name string) bool {
	for _, of := range [...]string{"(*T).", "(*F).", "(*M).", "(*vnetJob).", "tRunner", "fRunner", "vnetRun"} {
		if stringslite.HasPrefix(name, of) {
			return true
		}
	}
	return false
}

// vnetAwaitsTimer reports whether a timer is set that may wake the image: one
// of its own, or one that is in no image, as the deadlines of contexts are.
func vnetAwaitsTimer(im *VnetImage) bool {
	for _, pp := range allp {
		if pp == nil {
			continue
		}
		for _, tw := range pp.timers.heap {
			t := tw.timer
			if t.astate.Load()&timerZombie != 0 {
				continue
			}
			owner := t.vnet
			switch arg := t.arg.(type) {
			case *g: // it sleeps
				owner = arg.vnet
			case *pollDesc, *scavengerState: // who waits for these does not count as blocked, or is the runtime
				continue
			}
			if owner == im || owner == nil {
				return true
			}
		}
	}
	return false
}
