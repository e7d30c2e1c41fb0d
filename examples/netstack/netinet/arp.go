//go:build !vimage

package netinet

import (
	"cmp"
	"container/list"
	"encoding/binary"
	"slices"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

const (
	arpLen     = 28
	arpRequest = 1
	arpReply   = 2
)

var (
	//vimage:sysctl net.link.ether.inet.max_age rw "Time that a neighbour's address is used"
	arpMaxAge = 20 * time.Minute
	//vimage:sysctl net.link.ether.inet.maxtries rw "Requests before a neighbour is taken to be down" min=1
	arpMaxTries = 5
	//vimage:sysctl net.link.ether.inet.wait rw "Time between two requests, and that a neighbour is taken to be down"
	arpWait = time.Second
	//vimage:sysctl net.link.ether.inet.maxhold rw "Packets that wait for a neighbour's address" min=1
	arpMaxHold = 16
	//vimage:sysctl net.link.ether.inet.maxentries rw "Neighbours that are kept" min=1
	arpMaxEntries = 1024
	//vimage:sysctl net.link.ether.inet.maxincomplete rw "Neighbours whose address is looked for" min=1
	arpMaxIncomplete = 256
	//vimage:sysctl net.link.ether.inet.maxholdtotal rw "Packets that wait for any neighbour's address" min=1
	arpMaxHoldTotal = 1024
)

// An arpKey is an interface's index and an address.
type arpKey uint64

func arpKeyOf(ifp *net.Ifnet, a net.InAddr) arpKey { return arpKey(ifp.Index)<<32 | arpKey(a) }

// An llentry is a neighbour. While its address is looked for, packets to it wait.
type llentry struct {
	ifp    *net.Ifnet
	addr   net.InAddr
	lladdr net.Lladdr
	valid  bool
	static bool
	expire time.Duration // when the address is looked for again, or may be
	tries  int
	hold   kern.Mbufq
	timer  kern.Callout
	in     *list.List // arpIncomplete or arpComplete, nil if static
	place  *list.Element
}

// The table has its entries in two lists too, of which the first goes when there is no
// room: those whose address is looked for, by age, and the others, by last use. So a
// flood of unused addresses displaces its own, and not those that are in use.
var (
	arpTable      = map[arpKey]*llentry{}
	arpIncomplete list.List
	arpComplete   list.List
	arpHeld       int // packets that wait
)

// move puts an entry at the end of a list, or, if that is nil, in none.
func (e *llentry) move(to *list.List) {
	if e.in == to && to != nil {
		to.MoveToBack(e.place)
		return
	}
	if e.in != nil {
		e.in.Remove(e.place)
	}
	if e.in = to; to != nil {
		e.place = to.PushBack(e)
	}
}

// keep has a packet wait for the address, in place of the oldest if too many do.
func (e *llentry) keep(m *kern.Mbuf) {
	if e.hold.Len() >= arpMaxHold {
		arpstat.Dropped++
		e.take().Free()
	}
	if arpHeld >= arpMaxHoldTotal {
		arpstat.Dropped++
		m.Free()
		return
	}
	arpHeld++
	e.hold.Put(m)
}

// take returns the first packet that waits, or nil.
func (e *llentry) take() *kern.Mbuf {
	m := e.hold.Take()
	if m != nil {
		arpHeld--
	}
	return m
}

//vimage:pcpustat
var arpstat ARPStat

// ARPStat counts.
type ARPStat struct {
	TxRequests, TxReplies, RxRequests, RxReplies, Bad, DupIPs, Dropped, Timeouts, TableFull uint64
}

// Arpstat returns the counters.
func Arpstat() ARPStat { return arpstat }

func init() {
	net.EtherRegister(net.EtherTypeARP, arpInput)
	net.EtherSetResolver(arpResolve)
	net.OnDetach(func(ifp *net.Ifnet) {
		for _, e := range arpTable {
			if e.ifp == ifp {
				e.free()
			}
		}
	})
}

// arpResolve returns the Ethernet address of a neighbour. If it is not known, m
// waits for it, or is dropped.
func arpResolve(ifp *net.Ifnet, m *kern.Mbuf, a net.InAddr) (net.Lladdr, bool) {
	now := kern.Coarse()
	e := arpTable[arpKeyOf(ifp, a)]
	if e == nil {
		if e = arpNew(ifp, a); e == nil {
			arpstat.TableFull++
			m.Free()
			return net.Lladdr{}, false
		}
	}
	if e.valid && e.static {
		return e.lladdr, true
	}
	if e.valid && now < e.expire {
		e.move(&arpComplete)
		return e.lladdr, true
	}
	if e.valid { // too old
		e.valid, e.tries, e.expire = false, 0, 0
		e.move(&arpIncomplete)
	}
	if e.expire > now && !e.timer.Pending() { // down
		arpstat.Dropped++
		m.Free()
		return net.Lladdr{}, false
	}
	e.keep(m)
	if !e.timer.Pending() {
		e.tries = 0
		e.ask()
	}
	return net.Lladdr{}, false
}

// ask sends a request, and another one if there is no answer.
func (e *llentry) ask() {
	if e.tries++; e.tries > arpMaxTries {
		arpstat.Timeouts++
		e.expire = kern.Now() + arpWait
		for m := e.take(); m != nil; m = e.take() {
			arpstat.Dropped++
			if m.Rcvif == 0 {
				m.Free()
				continue
			}
			icmpError(m, icmpUnreach, icmpUnreachHost, 0) // one that was forwarded
		}
		return
	}
	e.timer.Reset(arpWait, e.ask)
	var src net.InAddr
	for _, ia := range e.ifp.Addrs {
		if src == 0 || (ia.Addr^e.addr)&net.Mask(ia.Plen) == 0 {
			src = ia.Addr
		}
	}
	if src == 0 {
		return
	}
	arpstat.TxRequests++
	arpSend(e.ifp, arpRequest, src, net.Lladdr{}, e.addr, net.LlBroadcast)
}

// arpNew makes an entry whose address is not known. If there is no room, another goes.
// It returns nil if all are static.
func arpNew(ifp *net.Ifnet, a net.InAddr) *llentry {
	var old *list.Element
	switch {
	case arpIncomplete.Len() >= arpMaxIncomplete:
		old = arpIncomplete.Front()
	case len(arpTable) < arpMaxEntries:
	case arpComplete.Len() > 0:
		old = arpComplete.Front()
	case arpIncomplete.Len() > 0:
		old = arpIncomplete.Front()
	default:
		return nil
	}
	if old != nil {
		arpstat.TableFull++
		old.Value.(*llentry).free()
	}
	e := &llentry{ifp: ifp, addr: a}
	e.move(&arpIncomplete)
	arpTable[arpKeyOf(ifp, a)] = e
	return e
}

func (e *llentry) free() {
	e.timer.Stop()
	for m := e.take(); m != nil; m = e.take() {
		arpstat.Dropped++
		m.Free()
	}
	e.move(nil)
	delete(arpTable, arpKeyOf(e.ifp, e.addr))
}

// set records the neighbour's address, and sends the packets that wait for it.
func (e *llentry) set(a net.Lladdr) {
	e.lladdr, e.valid, e.expire = a, true, kern.Now()+arpMaxAge
	e.timer.Stop()
	if e.static {
		e.move(nil)
	} else {
		e.move(&arpComplete)
	}
	for m := e.take(); m != nil; m = e.take() {
		_ = net.EtherFrame(e.ifp, m, a, net.EtherTypeIP)
	}
}

func arpSend(ifp *net.Ifnet, op uint16, spa net.InAddr, tha net.Lladdr, tpa net.InAddr, to net.Lladdr) {
	m := kern.Get(arpLen)
	b := m.Data()
	binary.BigEndian.PutUint16(b[0:], 1) // Ethernet
	binary.BigEndian.PutUint16(b[2:], net.EtherTypeIP)
	b[4], b[5] = 6, 4
	binary.BigEndian.PutUint16(b[6:], op)
	copy(b[8:14], ifp.Lladdr[:])
	binary.BigEndian.PutUint32(b[14:], uint32(spa))
	copy(b[18:24], tha[:])
	binary.BigEndian.PutUint32(b[24:], uint32(tpa))
	_ = net.EtherFrame(ifp, m, to, net.EtherTypeARP)
}

// arpInput takes a message. It owns m. A sender that asks this stack, or answers it,
// gets an entry; other messages change existing entries only (RFC 826).
func arpInput(ifp *net.Ifnet, m *kern.Mbuf) {
	defer m.Free()
	b := m.Data()
	if len(b) < arpLen || binary.BigEndian.Uint16(b) != 1 || binary.BigEndian.Uint16(b[2:]) != net.EtherTypeIP ||
		b[4] != 6 || b[5] != 4 {
		arpstat.Bad++
		return
	}
	op := binary.BigEndian.Uint16(b[6:])
	sha, spa := net.Lladdr(b[8:14]), net.InAddr(binary.BigEndian.Uint32(b[14:]))
	tpa := net.InAddr(binary.BigEndian.Uint32(b[24:]))
	switch op {
	case arpRequest:
		arpstat.RxRequests++
	case arpReply:
		arpstat.RxReplies++
	default:
		arpstat.Bad++
		return
	}
	if sha[0]&1 != 0 || sha == (net.Lladdr{}) || spa.Multicast() || ifp.IsBroadcast(spa) {
		arpstat.Bad++
		return
	}
	if sha == ifp.Lladdr { // of our own
		return
	}
	if net.Laddrs[spa] != nil {
		arpstat.DupIPs++
		return
	}
	ia := net.Laddrs[tpa]
	mine := ia != nil && ia.Ifp == ifp
	e := arpTable[arpKeyOf(ifp, spa)]
	if e == nil && mine && op == arpRequest && spa != 0 && neighbour(ifp, spa) {
		e = arpNew(ifp, spa)
	}
	if e != nil && !e.static {
		e.set(sha)
	}
	if mine && op == arpRequest {
		arpstat.TxReplies++
		arpSend(ifp, arpReply, tpa, sha, spa, sha)
	}
}

// neighbour reports whether an address is in one of the interface's subnets.
func neighbour(ifp *net.Ifnet, a net.InAddr) bool {
	for _, ia := range ifp.Addrs {
		if (a^ia.Addr)&net.Mask(ia.Plen) == 0 {
			return true
		}
	}
	return false
}

// A Neighbour is a copy of an entry of the table.
type Neighbour struct {
	Ifp    *net.Ifnet
	Addr   net.InAddr
	Lladdr net.Lladdr
	Valid  bool
	Static bool
	Expire time.Duration // from now
}

// Neighbours returns the table, by interface and address.
func Neighbours() []Neighbour {
	var all []Neighbour
	now := kern.Now()
	for _, e := range arpTable {
		all = append(all, Neighbour{e.ifp, e.addr, e.lladdr, e.valid, e.static, max(0, e.expire-now)})
	}
	slices.SortFunc(all, func(a, b Neighbour) int {
		return cmp.Or(cmp.Compare(a.Ifp.Index, b.Ifp.Index), cmp.Compare(a.Addr, b.Addr))
	})
	return all
}

// SetNeighbour gives a neighbour an address for good.
func SetNeighbour(ifp *net.Ifnet, a net.InAddr, to net.Lladdr) bool {
	e := arpTable[arpKeyOf(ifp, a)]
	if e == nil {
		if e = arpNew(ifp, a); e == nil {
			return false
		}
	}
	e.static = true
	e.set(to)
	return true
}
