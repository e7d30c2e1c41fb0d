//go:build !vimage

package net

import "github.com/go-vimage/vimage/examples/netstack/kern"

// A Hook is one of the functions below. An interface calls it only while a capture
// or a filter asks for it, so that a packet costs no call otherwise.
type Hook int

const (
	HookBpf  Hook = iota // BpfMtap
	HookPfil             // PfilIP
	hooks
)

// hookedAll counts the requests for all interfaces.
var hookedAll [hooks]int

// Add counts a request, n = 1, or its end, n = -1, for an interface, or for all if
// ifp is nil, those included that are attached later. It needs Giant.
func (h Hook) Add(ifp *Ifnet, n int) {
	if ifp != nil {
		ifp.hooked[h] += n
		return
	}
	hookedAll[h] += n
	for _, ifp := range Interfaces() {
		ifp.hooked[h] += n
	}
}

// Wanted reports whether a request is there for the interface.
func (h Hook) Wanted(ifp *Ifnet) bool { return ifp.hooked[h] > 0 }

// BpfMtap passes a frame to the captures. It does not own m.
//
//vimage:weak per=image
func BpfMtap(ifp *Ifnet, m *kern.Mbuf) {}

// Directions of PfilIP.
const (
	PfilIn = iota
	PfilOut
)

// PfilIP decides whether an IPv4 packet may pass. It does not own m.
//
//vimage:weak per=image
func PfilIP(ifp *Ifnet, m *kern.Mbuf, direction int) bool { return true }
