package kern

import (
	"net/netip"
	"time"
)

// A Sockbuf is one direction of a socket: bytes of a stream in a ring that grows
// up to Hiwat, or datagrams of up to Hiwat bytes together. It is empty at rest,
// and then it has no memory. Its methods need Giant.
type Sockbuf struct {
	Hiwat    int           // bytes that it may hold
	Deadline time.Duration // when to stop waiting, a time of Now; 0 for never
	Shut     bool          // nothing comes any more (receive), or may be sent (send)
	Wait     Waitq

	ring    []byte // a ring's, or nil
	mem     *ring
	start   int
	n       int
	records []record
}

type record struct {
	m    *Mbuf
	from netip.AddrPort
}

// Len returns the bytes that are there.
func (b *Sockbuf) Len() int { return b.n }

// Space returns how many more bytes there is room for.
func (b *Sockbuf) Space() int { return max(0, b.Hiwat-b.n) }

// Append adds bytes of a stream, as many as there is room for, and returns their
// number.
func (b *Sockbuf) Append(p []byte) int {
	p = p[:min(len(p), b.Space())]
	if need := b.n + len(p); need > len(b.ring) {
		b.grow(need)
	}
	at := (b.start + b.n) & (len(b.ring) - 1)
	c := copy(b.ring[at:], p)
	copy(b.ring, p[c:])
	b.n += len(p)
	return len(p)
}

// grow makes the ring a power of two of at least need bytes.
func (b *Sockbuf) grow(need int) {
	mem := getRing(need)
	b.Peek(0, mem.buf[:b.n])
	b.release()
	b.mem, b.ring = mem, mem.buf
}

// release gives the ring's memory back.
func (b *Sockbuf) release() {
	if b.mem != nil {
		b.mem.free()
	}
	b.mem, b.ring, b.start = nil, nil, 0
}

// Peek copies bytes of a stream from offset off on to p, and returns their number.
func (b *Sockbuf) Peek(off int, p []byte) int {
	if off >= b.n {
		return 0
	}
	p = p[:min(len(p), b.n-off)]
	at := (b.start + off) & (len(b.ring) - 1)
	c := copy(p, b.ring[at:])
	copy(p[c:], b.ring)
	return len(p)
}

// Drop removes n bytes of a stream from the front.
func (b *Sockbuf) Drop(n int) {
	if n > b.n {
		panic("kern: more dropped from a socket buffer than it has")
	}
	b.n -= n
	b.start += n
	if b.n == 0 {
		b.release()
		return
	}
	b.start &= len(b.ring) - 1
}

// Read removes bytes of a stream, and returns their number.
func (b *Sockbuf) Read(p []byte) int {
	n := b.Peek(0, p)
	b.Drop(n)
	return n
}

// AppendRecord adds a datagram, or frees it and reports false if there is no room.
func (b *Sockbuf) AppendRecord(m *Mbuf, from netip.AddrPort) bool {
	if b.Shut || b.n+m.Len() > b.Hiwat {
		m.Free()
		return false
	}
	b.n += m.Len()
	b.records = append(b.records, record{m, from})
	return true
}

// TakeRecord removes the first datagram, or returns nil.
func (b *Sockbuf) TakeRecord() (*Mbuf, netip.AddrPort) {
	if len(b.records) == 0 {
		return nil, netip.AddrPort{}
	}
	r := b.records[0]
	b.records[0] = record{}
	if b.records = b.records[1:]; len(b.records) == 0 {
		b.records = nil
	}
	b.n -= r.m.Len()
	return r.m, r.from
}

// Flush removes all that is there.
func (b *Sockbuf) Flush() {
	for _, r := range b.records {
		r.m.Free()
	}
	b.release()
	b.records, b.n = nil, 0
}
