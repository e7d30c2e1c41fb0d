package netinet

import (
	"encoding/binary"
	"math/bits"

	"github.com/go-vimage/vimage/examples/netstack/net"
)

// CksumAdd adds bytes to a sum of 16-bit words in network order. Every part but
// the last one must have an even length.
func CksumAdd(sum uint64, b []byte) uint64 {
	var carry uint64
	for len(b) >= 32 {
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b), carry)
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b[8:]), carry)
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b[16:]), carry)
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b[24:]), carry)
		b = b[32:]
	}
	for len(b) >= 8 {
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b), carry)
		b = b[8:]
	}
	var last uint64
	for i := range b {
		last |= uint64(b[i]) << (56 - 8*i)
	}
	sum, carry = bits.Add64(sum, last, carry)
	sum, carry = bits.Add64(sum, 0, carry)
	return sum + carry
}

// CksumFold returns the checksum of a sum: the complement of its 16-bit words'
// sum in ones' complement.
func CksumFold(sum uint64) uint16 {
	sum = sum>>32 + sum&0xffffffff
	sum = sum>>32 + sum&0xffffffff
	sum = sum>>16 + sum&0xffff
	sum = sum>>16 + sum&0xffff
	return ^uint16(sum)
}

// Cksum returns the checksum of b.
func Cksum(b []byte) uint16 { return CksumFold(CksumAdd(0, b)) }

// PseudoSum returns the sum of a pseudo-header, for CksumAdd.
func PseudoSum(src, dst net.InAddr, proto uint8, length int) uint64 {
	return uint64(src) + uint64(dst) + uint64(proto) + uint64(length)
}
