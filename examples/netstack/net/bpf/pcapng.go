package bpf

import (
	"encoding/binary"
	"io"
	"time"
)

// A pcapng writes a capture file of one section: a section header block, and then
// blocks that describe interfaces (IDB) and packets (EPB), in little-endian order.
// Package pcapgo of gopacket would link its decoders of all protocols into the
// stack; here it reads in the tests.
type pcapng struct {
	w   io.Writer
	buf []byte
	n   uint32 // interfaces
}

const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockPacket    = 6

	linkEthernet = 1

	optEnd    = 0
	optName   = 2 // of an interface
	optDescr  = 3
	optUserOf = 4 // the program that wrote the section
	optTsresl = 9 // 10 to the power of minus this many seconds
)

func newPcapng(w io.Writer, program string) (*pcapng, error) {
	p := &pcapng{w: w}
	p.begin(blockSection)
	p.u32(0x1a2b3c4d)
	p.u16(1) // version 1.0
	p.u16(0)
	p.buf = binary.LittleEndian.AppendUint64(p.buf, ^uint64(0)) // of unknown length
	p.option(optUserOf, []byte(program))
	p.u32(optEnd)
	return p, p.end()
}

func (p *pcapng) u16(v uint16) { p.buf = binary.LittleEndian.AppendUint16(p.buf, v) }
func (p *pcapng) u32(v uint32) { p.buf = binary.LittleEndian.AppendUint32(p.buf, v) }

func (p *pcapng) bytes(b []byte) {
	p.buf = append(p.buf, b...)
	for len(p.buf)%4 != 0 {
		p.buf = append(p.buf, 0)
	}
}

func (p *pcapng) option(code uint16, b []byte) {
	p.u16(code)
	p.u16(uint16(len(b)))
	p.bytes(b)
}

// begin starts a block; its length is not known yet.
func (p *pcapng) begin(typ uint32) {
	p.buf = p.buf[:0]
	p.u32(typ)
	p.u32(0)
}

// end writes the block, with its length at both ends.
func (p *pcapng) end() error {
	n := uint32(len(p.buf) + 4)
	p.u32(n)
	binary.LittleEndian.PutUint32(p.buf[4:], n)
	_, err := p.w.Write(p.buf)
	return err
}

// addInterface describes an interface and returns its number.
func (p *pcapng) addInterface(name, description string) (uint32, error) {
	p.begin(blockInterface)
	p.u16(linkEthernet)
	p.u16(0)
	p.u32(0) // packets are whole
	p.option(optName, []byte(name))
	p.option(optDescr, []byte(description))
	p.option(optTsresl, []byte{9})
	p.u32(optEnd)
	p.n++
	return p.n - 1, p.end()
}

// packet writes a packet of an interface.
func (p *pcapng) packet(id uint32, at time.Time, b []byte) error {
	p.begin(blockPacket)
	p.u32(id)
	ns := uint64(at.UnixNano())
	p.u32(uint32(ns >> 32))
	p.u32(uint32(ns))
	p.u32(uint32(len(b)))
	p.u32(uint32(len(b)))
	p.bytes(b)
	return p.end()
}
