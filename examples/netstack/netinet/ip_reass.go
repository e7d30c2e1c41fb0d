//go:build !vimage

package netinet

import (
	"slices"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

// Bounds of reassembly, for the whole stack and for one packet.
var (
	//vimage:sysctl net.inet.ip.maxfragpackets rw "Packets that are put together at a time" min=1
	maxFragPackets = 64
	//vimage:sysctl net.inet.ip.maxfragsperpacket rw "Fragments of a packet" min=1
	maxFragsPerPacket = 64
	//vimage:sysctl net.inet.ip.maxfragbytes rw "Bytes of all fragments that are kept" min=0
	maxFragBytes = 1 << 20
)

const fragTTL = 30 * time.Second

type fragKey struct {
	src, dst net.InAddr
	id       uint16
	proto    uint8
}

// An ipq is a packet that is put together: its fragments by offset, without
// overlaps.
type ipq struct {
	key   fragKey
	frags []frag
	total int // bytes of data, -1 while the last fragment is not there
	have  int
	timer kern.Callout
}

type frag struct {
	off, n int
	m      *kern.Mbuf // with its IP header
}

var (
	ipqs      = map[fragKey]*ipq{}
	fragBytes int // of memory that fragments take
)

// fragCost is the memory that a fragment takes, its buffer's slack included.
func fragCost(m *kern.Mbuf) int { return max(m.Len(), 512) }

// ipReassemble takes a fragment. It returns the whole packet if this was the last
// one that was missing. A fragment that overlaps another one, other than as its
// copy, drops the packet (RFC 5722 asks for this in IPv6; no sender of IPv4 does
// it). If a bound is reached, the packet that has waited longest is given up.
func ipReassemble(m *kern.Mbuf, h IPHdr) *kern.Mbuf {
	ipstat.Fragments++
	off, n := h.offset(), h.transportLen()
	last := h.Off()&ipMF == 0
	if n == 0 || !last && n%8 != 0 || off+n > 65535-h.HdrLen() {
		ipstat.FragDropped++
		m.Free()
		return nil
	}
	key := fragKey{h.Src(), h.Dst(), h.ID(), h.Proto()}
	q := ipqs[key]
	if q == nil {
		for len(ipqs) >= maxFragPackets {
			dropOldest(nil)
		}
		q = &ipq{key: key, total: -1}
		ipqs[key] = q
		q.timer.Reset(fragTTL, func() { q.expire() })
	}
	at, found := slices.BinarySearchFunc(q.frags, off, func(f frag, off int) int { return f.off - off })
	if found && q.frags[at].n == n {
		m.Free() // a copy
		return nil
	}
	switch {
	case found,
		at > 0 && q.frags[at-1].off+q.frags[at-1].n > off,
		at < len(q.frags) && off+n > q.frags[at].off,
		last && q.total >= 0 && q.total != off+n,
		last && len(q.frags) > at,
		q.total >= 0 && off+n > q.total,
		len(q.frags) >= maxFragsPerPacket:
		ipstat.FragDropped++
		m.Free()
		q.free()
		return nil
	}
	for fragBytes+fragCost(m) > maxFragBytes {
		if !dropOldest(q) {
			ipstat.FragDropped++
			m.Free()
			q.free()
			return nil
		}
	}
	q.frags = slices.Insert(q.frags, at, frag{off, n, m})
	fragBytes += fragCost(m)
	q.have += n
	if last {
		q.total = off + n
	}
	if q.have != q.total {
		return nil
	}
	return q.join()
}

// dropOldest gives up the packet that has waited longest, but for one. It reports
// whether there was one.
func dropOldest(but *ipq) bool {
	var old *ipq
	for _, q := range ipqs {
		if q != but && (old == nil || q.timer.Left() < old.timer.Left()) {
			old = q
		}
	}
	if old == nil {
		return false
	}
	ipstat.FragDropped++
	old.free()
	return true
}

// join returns the whole packet.
func (q *ipq) join() *kern.Mbuf {
	first := IPHdr(q.frags[0].m.Data())
	hl := first.HdrLen()
	if hl+q.total > 65535 {
		ipstat.FragDropped++
		q.free()
		return nil
	}
	m := kern.Get(hl + q.total)
	h := IPHdr(m.Data())
	copy(h, first[:hl])
	for _, f := range q.frags {
		copy(h[hl+f.off:], IPHdr(f.m.Data()).Payload())
	}
	h.setTotalLen(len(h))
	h.setOff(0)
	h.computeCksum()
	src := q.frags[0].m
	m.Rcvif, m.Fib, m.Flags = src.Rcvif, src.Fib, src.Flags
	q.free()
	ipstat.Reassembled++
	return m
}

// free forgets the packet.
func (q *ipq) free() {
	q.timer.Stop()
	delete(ipqs, q.key)
	for _, f := range q.frags {
		fragBytes -= fragCost(f.m)
		f.m.Free()
	}
	q.frags = nil
}

// expire gives up, and tells the sender if the first fragment is there.
func (q *ipq) expire() {
	ipstat.FragTimeout++
	if len(q.frags) > 0 && q.frags[0].off == 0 {
		f := q.frags[0]
		q.frags = q.frags[1:]
		fragBytes -= fragCost(f.m)
		icmpError(f.m, icmpTimxceed, icmpTimxceedReass, 0)
	}
	q.free()
}

// Reassembling returns the number of packets that are put together, and the memory
// that their fragments take.
func Reassembling() (packets, bytes int) { return len(ipqs), fragBytes }
