package net

import (
	"syscall"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// Bounds of a bridge's table of addresses.
const (
	bridgeMaxAddrs = 1024
	bridgeTimeout  = 20 * time.Minute
)

// A Bridge forwards frames between its members and learns which one leads to an
// address. Its interface is the stack's own port.
type Bridge struct {
	Ifp     *Ifnet
	members []*Ifnet
	addrs   map[Lladdr]bridgeAddr
}

type bridgeAddr struct {
	ifp  *Ifnet
	seen time.Duration
}

// NewBridge makes a bridge without members, and its interface.
func NewBridge(name string, a Lladdr) (*Bridge, error) {
	br := &Bridge{addrs: map[Lladdr]bridgeAddr{}}
	br.Ifp = &Ifnet{Xname: name, Lladdr: a, Softc: br, Flags: IFFUp, Transmit: br.transmit}
	br.Ifp.Detached = func(*Ifnet) {
		for len(br.members) > 0 {
			br.Remove(br.members[0])
		}
	}
	return br, EtherIfattach(br.Ifp)
}

// Add makes an interface a member.
func (br *Bridge) Add(ifp *Ifnet) error {
	if ifp.bridge != nil || ifp.Output == nil || ifp.Flags&IFFLoopback != 0 || ifp == br.Ifp {
		return syscall.EBUSY
	}
	ifp.bridge = br
	ifp.Flags |= IFFUp
	br.members = append(br.members, ifp)
	return nil
}

// Remove takes an interface out.
func (br *Bridge) Remove(ifp *Ifnet) {
	for i, m := range br.members {
		if m == ifp {
			br.members = append(br.members[:i:i], br.members[i+1:]...)
			ifp.bridge = nil
		}
	}
	for a, e := range br.addrs {
		if e.ifp == ifp {
			delete(br.addrs, a)
		}
	}
}

// Members returns the member interfaces.
func (br *Bridge) Members() []*Ifnet { return br.members }

// learn notes that frames of src came in by ifp. A full table forgets an old
// address, if there is one.
func (br *Bridge) learn(src Lladdr, ifp *Ifnet) {
	if src[0]&1 != 0 {
		return
	}
	now := kern.Now()
	if _, known := br.addrs[src]; !known && len(br.addrs) >= bridgeMaxAddrs {
		for a, e := range br.addrs {
			if now-e.seen > bridgeTimeout {
				delete(br.addrs, a)
			}
		}
		if len(br.addrs) >= bridgeMaxAddrs {
			return
		}
	}
	br.addrs[src] = bridgeAddr{ifp, now}
}

// port returns the member that leads to dst, or nil.
func (br *Bridge) port(dst Lladdr) *Ifnet {
	e, ok := br.addrs[dst]
	if !ok || kern.Now()-e.seen > bridgeTimeout {
		return nil
	}
	return e.ifp
}

// input takes a frame that a member received. It returns the frame if it is for
// the stack.
func (br *Bridge) input(ifp *Ifnet, m *kern.Mbuf) *kern.Mbuf {
	b := m.Data()
	dst := Lladdr(b[:6])
	br.learn(Lladdr(b[6:12]), ifp)
	if dst == br.Ifp.Lladdr {
		br.local(m)
		return nil
	}
	if dst[0]&1 == 0 {
		if dst == ifp.Lladdr {
			return m
		}
		switch to := br.port(dst); to {
		case nil:
			br.flood(ifp, m)
		case ifp:
			m.Free() // on its own segment already
		default:
			_ = to.transmit(m)
		}
		return nil
	}
	br.flood(ifp, m.Dup())
	br.local(m)
	return nil
}

// local hands a frame to the stack as the bridge interface's.
func (br *Bridge) local(m *kern.Mbuf) {
	br.Ifp.Data.Ipackets++
	br.Ifp.Data.Ibytes += uint64(m.Len())
	m.Rcvif, m.Fib = br.Ifp.Index, br.Ifp.Fib
	etherDemux(br.Ifp, m)
}

// flood sends a frame to all members but the one it came from.
func (br *Bridge) flood(from *Ifnet, m *kern.Mbuf) {
	for _, ifp := range br.members {
		if ifp != from && ifp.Flags&IFFUp != 0 {
			_ = ifp.transmit(m.Dup())
		}
	}
	m.Free()
}

// transmit sends a frame of the bridge interface's.
func (br *Bridge) transmit(_ *Ifnet, m *kern.Mbuf) error {
	if to := br.port(Lladdr(m.Data()[:6])); to != nil {
		return to.transmit(m)
	}
	br.flood(nil, m)
	return nil
}
