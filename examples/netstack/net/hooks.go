//go:build !vimage

package net

import "github.com/go-vimage/vimage/examples/netstack/kern"

// BpfMtap shows a frame to whoever captures. It does not own m.
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
