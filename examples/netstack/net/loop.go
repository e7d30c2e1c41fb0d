//go:build !vimage

package net

import "github.com/go-vimage/vimage/examples/netstack/kern"

// Lo0 is the loopback interface.
var Lo0 = &Ifnet{
	Xname: "lo0", MTU: 65535, Flags: IFFLoopback | IFFMulticast, Cap: IFCapCsum | IFCapTSO,
	Output: loOutput,
}

// loinit attaches the loopback interface with its address.
func init() {
	if err := IfAttach(Lo0); err != nil {
		panic(err)
	}
	if _, err := IfAddAddr(Lo0, 127<<24|1, 8); err != nil {
		panic(err)
	}
}

// loOutput queues the packet as input.
func loOutput(ifp *Ifnet, m *kern.Mbuf, _ InAddr) error {
	ifp.Data.Opackets++
	ifp.Data.Obytes += uint64(m.Len())
	ifp.Data.Ipackets++
	ifp.Data.Ibytes += uint64(m.Len())
	m.Rcvif, m.Fib = ifp.Index, ifp.Fib
	m.Flags |= kern.MLoop
	if HookBpf.Wanted(ifp) {
		BpfMtap(ifp, m)
	}
	if !kern.NetisrQueue(kern.NetisrIP, m) {
		ifp.Data.Idrops++
	}
	return nil
}
