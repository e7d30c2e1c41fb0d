package tcp

import "encoding/binary"

// tcpHdrLen is the length of a header without options.
const tcpHdrLen = 20

// Flags of a segment.
const (
	thFin uint8 = 1 << iota
	thSyn
	thRst
	thPush
	thAck
	thUrg
)

// Kinds of options.
const (
	optEOL       = 0
	optNOP       = 1
	optMSS       = 2
	optWScale    = 3
	optSackOK    = 4
	optSack      = 5
	optTimestamp = 8
)

// maxWScale is the largest shift of a window (RFC 7323).
const maxWScale = 14

// A tcpHdr is a header in network order, of at least tcpHdrLen bytes.
type tcpHdr []byte

func (h tcpHdr) sport() uint16 { return binary.BigEndian.Uint16(h) }
func (h tcpHdr) dport() uint16 { return binary.BigEndian.Uint16(h[2:]) }
func (h tcpHdr) seq() seq      { return seq(binary.BigEndian.Uint32(h[4:])) }
func (h tcpHdr) ack() seq      { return seq(binary.BigEndian.Uint32(h[8:])) }
func (h tcpHdr) hdrLen() int   { return int(h[12]>>4) * 4 }
func (h tcpHdr) flags() uint8  { return h[13] & 0x3f }
func (h tcpHdr) win() int      { return int(binary.BigEndian.Uint16(h[14:])) }

// A sackBlock is a run of sequence numbers, end not included.
type sackBlock struct{ start, end seq }

// maxSack is the number of blocks that options have room for.
const maxSack = 4

// tcpOpts are a segment's options.
type tcpOpts struct {
	mss          int // 0: none
	wscale       int // -1: none
	sackOK, ts   bool
	tsval, tsecr uint32
	nsack        int
	sack         [maxSack]sackBlock
}

// parseOpts reads options. One that is malformed ends them, as do those of a length
// that is not theirs.
func parseOpts(b []byte, o *tcpOpts) {
	*o = tcpOpts{wscale: -1}
	if len(b) == 12 && b[0] == optNOP && b[1] == optNOP && b[2] == optTimestamp && b[3] == 10 { // as nearly all are
		o.ts, o.tsval, o.tsecr = true, binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
		return
	}
	for len(b) > 0 {
		switch b[0] {
		case optEOL:
			return
		case optNOP:
			b = b[1:]
			continue
		}
		if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
			return
		}
		kind, v := b[0], b[2:b[1]]
		b = b[b[1]:]
		switch {
		case kind == optMSS && len(v) == 2:
			o.mss = int(binary.BigEndian.Uint16(v))
		case kind == optWScale && len(v) == 1:
			o.wscale = min(int(v[0]), maxWScale)
		case kind == optSackOK && len(v) == 0:
			o.sackOK = true
		case kind == optTimestamp && len(v) == 8:
			o.ts, o.tsval, o.tsecr = true, binary.BigEndian.Uint32(v), binary.BigEndian.Uint32(v[4:])
		case kind == optSack && len(v)%8 == 0:
			for ; len(v) > 0 && o.nsack < maxSack; v = v[8:] {
				o.sack[o.nsack] = sackBlock{seq(binary.BigEndian.Uint32(v)), seq(binary.BigEndian.Uint32(v[4:]))}
				o.nsack++
			}
		}
	}
}

// append appends the options to b, padded to words.
func (o *tcpOpts) append(b []byte) []byte {
	if o.mss != 0 {
		b = binary.BigEndian.AppendUint16(append(b, optMSS, 4), uint16(o.mss))
	}
	if o.wscale >= 0 {
		b = append(b, optNOP, optWScale, 3, byte(o.wscale))
	}
	if o.sackOK {
		b = append(b, optNOP, optNOP, optSackOK, 2)
	}
	if o.ts {
		b = append(b, optNOP, optNOP, optTimestamp, 10)
		b = binary.BigEndian.AppendUint32(b, o.tsval)
		b = binary.BigEndian.AppendUint32(b, o.tsecr)
	}
	if o.nsack > 0 {
		b = append(b, optNOP, optNOP, optSack, byte(2+8*o.nsack))
		for _, s := range o.sack[:o.nsack] {
			b = binary.BigEndian.AppendUint32(b, uint32(s.start))
			b = binary.BigEndian.AppendUint32(b, uint32(s.end))
		}
	}
	return b
}

// putHdr writes a header and its options, with the checksum left 0.
func putHdr(b []byte, sport, dport uint16, s, ack seq, flags uint8, win int, options []byte) {
	binary.BigEndian.PutUint16(b, sport)
	binary.BigEndian.PutUint16(b[2:], dport)
	binary.BigEndian.PutUint32(b[4:], uint32(s))
	binary.BigEndian.PutUint32(b[8:], uint32(ack))
	b[12] = byte((tcpHdrLen + len(options)) / 4 << 4)
	b[13] = flags
	binary.BigEndian.PutUint16(b[14:], uint16(win))
	binary.BigEndian.PutUint32(b[16:], 0)
	copy(b[tcpHdrLen:], options)
}
