package tcp_test

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
)

// byteAt is the byte that a peer sends at an offset of its stream, always the same.
func byteAt(off uint32) byte { return byte(off*2654435761>>24) ^ byte(off) }

func bytesAt(off uint32, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byteAt(off + uint32(i))
	}
	return string(b)
}

// Whatever segments come, in whatever order, the stack does not fail, keeps its bounds, sends
// only well-formed segments with the bytes that were written, and the user reads the peer's
// bytes in their order.
//
// Each segment of the input is 9 bytes: flags, the number and the acknowledgement from those that
// are next, the window, the length of the payload, what options there are.
func FuzzInput(f *testing.F) {
	if !kern.VirtualClock() {
		kern.SetVirtualClock()
	}
	p := stacktest.NewPort(f, mine, 24)
	seg := func(flags uint8, seq, ack int16, win uint16, n, opts uint8) (b []byte) {
		b = binary.BigEndian.AppendUint16([]byte{flags}, uint16(seq))
		b = binary.BigEndian.AppendUint16(b, uint16(ack))
		b = binary.BigEndian.AppendUint16(b, win)
		return append(b, n, opts)
	}
	join := func(segs ...[]byte) (all []byte) {
		for _, s := range segs {
			all = append(all, s...)
		}
		return all
	}
	const fin, syn, rst, ack = 1, 2, 4, 16
	f.Add(join(seg(ack, 0, 0, 50000, 100, 0), seg(ack, 0, 1000, 50000, 100, 0)))
	f.Add(join(seg(ack, 100, 0, 50000, 100, 0), seg(ack, 300, 0, 50000, 100, 0), seg(ack|fin, 50, 0, 50000, 255, 0), seg(ack, 0, 0, 5000, 60, 0)))
	f.Add(join(seg(ack, 0, 0, 0, 0, 0), seg(ack, 0, 0, 0, 10, 0), seg(ack, 0, 0, 9, 0, 0), seg(ack, 0, 9, 50000, 0, 0)))
	f.Add(join(seg(ack, 0, 0, 50000, 0, 1), seg(ack, 0, 0, 50000, 0, 2), seg(ack, 0, 0, 50000, 0, 3), seg(ack, 0, 2000, 50000, 0, 0)))
	f.Add(join(seg(ack|fin, 0, 3000, 50000, 0, 0), seg(ack|rst, 5, 0, 1, 0, 0), seg(syn, 0, 0, 1, 0, 0), seg(ack|rst, 1, 0, 1, 0, 0)))
	f.Add(join(seg(ack, 0, 0, 50000, 5, 7), seg(ack, 5, 0, 50000, 5, 255), seg(ack|fin|syn|rst, -5, -5, 50000, 5, 128)))
	f.Fuzz(func(t *testing.T, input []byte) {
		w := &wire{t, p, peer}
		defer func() {
			kern.Lock()
			for _, inp := range tcp.Pcbs() {
				inp.Socket.Proto.AbortOnEnd(inp.Socket)
			}
			kern.Unlock()
			kern.Advance(time.Minute)
			p.Sent()
		}()
		w.learn() // what it knows of the peer grows old
		c := w.dial()
		start, first := c.seq, c.ack
		const written = 20000
		if _, err := c.so.Write([]byte(bytesAt(0, written))); err != nil {
			t.Fatal(err)
		}
		read := uint32(0)
		look := func(sent []*layers.TCP) {
			for _, s := range sent {
				if s.SYN || s.RST && !s.ACK {
					continue
				}
				off := s.Seq - first
				if len(s.Payload) > 0 && (off > written || int(off)+len(s.Payload) > written || string(s.Payload) != bytesAt(off, len(s.Payload))) {
					t.Fatalf("%d bytes at %d that nobody wrote", len(s.Payload), off)
				}
				if !s.RST {
					c.seq = max(c.seq-start, s.Ack-start) + start
				}
			}
			b := make([]byte, 4096)
			for c.so.Rcv.Len() > 0 {
				n, err := c.so.Read(b)
				if err != nil {
					t.Fatal(err)
				}
				if string(b[:n]) != bytesAt(read, n) {
					t.Fatalf("other bytes are read at %d", read)
				}
				read += uint32(n)
			}
			if reported := c.seq - start; reported > read+1 {
				t.Fatalf("%d bytes acknowledged, %d read", reported, read)
			}
		}
		look(w.sent())
		for i := 0; len(input) >= 9 && i < 100; i++ {
			b := input[:9]
			input = input[9:]
			off := c.seq - start + uint32(int16(binary.BigEndian.Uint16(b[1:])))
			s := &layers.TCP{
				SrcPort: 5000, DstPort: 80, Seq: start + off, Ack: c.ack + uint32(int16(binary.BigEndian.Uint16(b[3:]))),
				FIN: b[0]&1 != 0, SYN: b[0]&2 != 0, RST: b[0]&4 != 0, PSH: b[0]&8 != 0, ACK: b[0]&16 != 0, URG: b[0]&32 != 0,
				Window: binary.BigEndian.Uint16(b[5:]), Options: fuzzOptions(b[8], first),
			}
			look(w.input(s, bytesAt(off, int(b[7])*4)))
			if b[0]&64 != 0 {
				kern.Advance(time.Duration(b[7]) * 10 * time.Millisecond)
				look(w.sent())
			}
			if c.so.Rcv.Len() > c.so.Rcv.Hiwat {
				t.Fatal("more is received than there is room for")
			}
			if b[0]&128 != 0 {
				c.ack = s.Ack
			}
		}
	})
}

// fuzzOptions makes options of a number: none, blocks, timestamps, and malformed ones.
func fuzzOptions(n uint8, first uint32) []layers.TCPOption {
	switch at := first + uint32(n&15)*1000; n >> 4 {
	case 0:
		if n == 0 {
			return nil
		}
		return []layers.TCPOption{nop(), nop(), opt(layers.TCPOptionKindSACK, be32(at, at+1000))}
	case 1:
		return []layers.TCPOption{nop(), nop(), opt(layers.TCPOptionKindSACK, be32(at, at+3000, at+5000, at+4000, at-1, at+1))}
	case 2:
		return []layers.TCPOption{nop(), nop(), opt(layers.TCPOptionKindTimestamps, be32(uint32(n), 1<<31))}
	case 3:
		return []layers.TCPOption{{OptionType: layers.TCPOptionKindSACK, OptionLength: 255, OptionData: []byte{1, 2}}}
	case 4:
		return []layers.TCPOption{{OptionType: layers.TCPOptionKindMSS, OptionLength: 0, OptionData: []byte{1, 2}}}
	}
	return []layers.TCPOption{opt(layers.TCPOptionKind(n), []byte{n, n})}
}
