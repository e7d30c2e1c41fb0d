package kern

import "sync"

// MaxLinkHdr is the headroom of a new packet: enough for an Ethernet header, an
// IP header with options and a TCP header with options, rounded up.
const MaxLinkHdr = 14 + 60 + 60 + 10

// Flags of a packet.
const (
	MBcast uint16 = 1 << iota // received as a link-layer broadcast
	MMcast                    // received as a link-layer multicast
	MLoop                     // looped back: a copy of a packet that this stack sent

	// MCsumDelayed says that the checksum of the packet's transport header has not
	// been computed, because the packet has not left the process: its receiver does
	// not check it, and a driver that sends it out of the process computes it.
	MCsumDelayed
)

// An Mbuf is a packet: contiguous bytes with headroom before them. Its owner
// hands it over with each call that takes one, unless that call says otherwise;
// the last owner calls Free.
type Mbuf struct {
	Next    *Mbuf  // link of the queue that the packet is in
	Rcvif   int    // index of the interface it was received on, 0 for none
	Fib     int    // the routing table to use
	TSOSize int    // a super-segment's payload bytes per segment, 0 for an ordinary packet
	Flags   uint16 // MBcast and others

	buf      []byte
	off, end int
	pool     *sync.Pool
}

// MaxLen is the length of the largest packet: 65,535 bytes and headers before them.
const MaxLen = 65535 + MaxLinkHdr

// Sizes of buffers.
const (
	smallSize  = 512
	mediumSize = 2048
	largeSize  = MaxLen + MaxLinkHdr
)

// Packets have no state between Free and Get, and one that an epair carries from
// one stack to the other is freed by the receiver.
var pools = [3]sync.Pool{
	{New: func() any { return &Mbuf{buf: make([]byte, smallSize)} }},
	{New: func() any { return &Mbuf{buf: make([]byte, mediumSize)} }},
	{New: func() any { return &Mbuf{buf: make([]byte, largeSize)} }},
}

// Get returns a packet of n bytes with headroom of MaxLinkHdr. The bytes are not
// cleared. N is at most MaxLen.
func Get(n int) *Mbuf {
	i := 0
	switch {
	case n+MaxLinkHdr <= smallSize:
	case n+MaxLinkHdr <= mediumSize:
		i = 1
	case n > MaxLen:
		panic("kern: packet of more than MaxLen bytes")
	default:
		i = 2
	}
	m := pools[i].Get().(*Mbuf)
	*m = Mbuf{buf: m.buf, off: MaxLinkHdr, end: MaxLinkHdr + n, pool: &pools[i]}
	return m
}

// GetBytes returns a packet that is a copy of b.
func GetBytes(b []byte) *Mbuf {
	m := Get(len(b))
	copy(m.Data(), b)
	return m
}

// Free gives the packet's memory back.
func (m *Mbuf) Free() {
	p := m.pool
	if p == nil {
		panic("kern: packet freed twice")
	}
	m.pool, m.Next = nil, nil
	p.Put(m)
}

// Data returns the packet's bytes, which are valid until the next call.
func (m *Mbuf) Data() []byte { return m.buf[m.off:m.end] }

// Len returns the number of bytes.
func (m *Mbuf) Len() int { return m.end - m.off }

// Prepend puts n bytes before the packet and returns the whole. The new bytes are
// not cleared.
func (m *Mbuf) Prepend(n int) []byte {
	if m.off < n {
		m.grow(n)
	}
	m.off -= n
	return m.Data()
}

// grow makes room for n bytes before the packet.
func (m *Mbuf) grow(n int) {
	buf := make([]byte, MaxLinkHdr+n+len(m.buf)-m.off)
	at := MaxLinkHdr + n
	l := copy(buf[at:], m.Data())
	m.buf, m.off, m.end = buf, at, at+l
}

// Adj removes n bytes from the packet's start.
func (m *Mbuf) Adj(n int) {
	if n < 0 || n > m.Len() {
		panic("kern: Adj beyond the packet")
	}
	m.off += n
}

// Trim cuts the packet to its first n bytes.
func (m *Mbuf) Trim(n int) {
	if n < 0 || n > m.Len() {
		panic("kern: Trim beyond the packet")
	}
	m.end = m.off + n
}

// Dup returns a copy of the packet.
func (m *Mbuf) Dup() *Mbuf {
	d := GetBytes(m.Data())
	d.Rcvif, d.Fib, d.TSOSize, d.Flags = m.Rcvif, m.Fib, m.TSOSize, m.Flags
	return d
}

// Mbufq is a queue of packets. The zero value is empty.
type Mbufq struct {
	head, tail *Mbuf
	n          int
}

// Len returns the number of packets.
func (q *Mbufq) Len() int { return q.n }

// Put appends m.
func (q *Mbufq) Put(m *Mbuf) {
	m.Next = nil
	if q.tail == nil {
		q.head = m
	} else {
		q.tail.Next = m
	}
	q.tail = m
	q.n++
}

// Take removes the first packet and returns it, or nil.
func (q *Mbufq) Take() *Mbuf {
	m := q.head
	if m == nil {
		return nil
	}
	if q.head = m.Next; q.head == nil {
		q.tail = nil
	}
	m.Next = nil
	q.n--
	return m
}

// Free frees all packets.
func (q *Mbufq) Free() {
	for m := q.Take(); m != nil; m = q.Take() {
		m.Free()
	}
}
