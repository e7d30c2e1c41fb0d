package vimage

import "github.com/go-vimage/vimage/runtime/vimage/internal/core"

// A Ledger is what of an image there is that Close has to do away with.
type Ledger struct {
	Goroutines    int      // and calls of Do from other images; on a stock toolchain those of Go and Do alone
	Timers        int      // that are set; of tickers and of timers with a channel those that are waited for. In the g slot alone
	Modules       int      // that have something to undo
	Registrations []string // in registries of the process, latest first, with the place
}

// Ledger returns the image's, as of now.
func (im *Image) Ledger() Ledger {
	l := Ledger{
		Goroutines: core.VnetBusy(&im.core),
		Timers:     core.VnetTimers(&im.core),
		Modules:    core.VnetLeft(&im.core),
	}
	for _, e := range core.VnetEntries(&im.core) {
		l.Registrations = append(l.Registrations, e.What+" ("+core.VnetPlace(e.At)+")")
	}
	return l
}

// Registered notes that the current image has entered something in a registry
// that all images share, which Close has to take out: it calls undo for that,
// in the image, unless the function returned was called before. If undo is nil,
// nothing can be done, and Close reports it. Where no image is current, and in
// image 0, nothing is noted.
//
// In builds made by vimagegen the library does this for os/signal's channels.
func Registered(what string, undo func()) (forget func()) {
	im := Current()
	if im == nil || im == zero() {
		return func() {}
	}
	e := &core.VnetEntry{What: what, At: callerPC(), Undo: undo}
	core.VnetNote(&im.core, e)
	return func() { core.VnetStrike(&im.core, e) }
}
