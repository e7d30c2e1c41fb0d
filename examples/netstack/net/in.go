package net

import (
	"encoding/binary"
	"net/netip"
)

// An InAddr is an IPv4 address as a number: 10.0.0.1 is 0x0a000001.
type InAddr uint32

// AddrFrom returns an IPv4 address, or an IPv4 address mapped to IPv6, as an
// InAddr. Others and the zero address are 0.
func AddrFrom(a netip.Addr) InAddr {
	if a = a.Unmap(); !a.Is4() {
		return 0
	}
	b := a.As4()
	return InAddr(binary.BigEndian.Uint32(b[:]))
}

// Addr returns the address as netip has it.
func (a InAddr) Addr() netip.Addr {
	return netip.AddrFrom4([4]byte{byte(a >> 24), byte(a >> 16), byte(a >> 8), byte(a)})
}

func (a InAddr) String() string { return a.Addr().String() }

// Multicast reports whether the address is one of 224.0.0.0/4.
func (a InAddr) Multicast() bool { return a>>28 == 0xe }

// Loopback reports whether the address is one of 127.0.0.0/8.
func (a InAddr) Loopback() bool { return a>>24 == 127 }

// Experimental reports whether the address is one of 240.0.0.0/4, the limited
// broadcast apart.
func (a InAddr) Experimental() bool { return a>>28 == 0xf && a != Broadcast }

// Broadcast is the limited broadcast address.
const Broadcast InAddr = 0xffffffff

// Mask returns the netmask of a prefix length.
func Mask(plen int) InAddr { return ^InAddr(0) << (32 - plen) }
