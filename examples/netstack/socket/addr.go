package socket

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// A network is what a network's name means.
type network struct {
	name     string
	typ      kern.SockType
	protocol int
}

func networkOf(name string) (network, error) {
	base, proto, raw := strings.Cut(name, ":")
	switch {
	case !raw && (base == "tcp" || base == "tcp4"):
		return network{"tcp", kern.SockStream, 6}, nil
	case !raw && (base == "udp" || base == "udp4"):
		return network{"udp", kern.SockDgram, 17}, nil
	case raw && (base == "ip" || base == "ip4"):
		if proto == "icmp" {
			proto = "1"
		}
		if n, err := strconv.ParseUint(proto, 10, 8); err == nil {
			return network{"ip", kern.SockRaw, int(n)}, nil
		}
	}
	return network{}, net.UnknownNetworkError(name)
}

// parse reads an address, with a port unless the network is a raw one. An empty
// host is any address.
func (n network) parse(address string) (netip.AddrPort, error) {
	host, port := address, "0"
	if n.typ != kern.SockRaw {
		var err error
		if host, port, err = net.SplitHostPort(address); err != nil {
			return netip.AddrPort{}, err
		}
	}
	p, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, &net.AddrError{Err: "port is no number up to 65535", Addr: address}
	}
	var a netip.Addr
	switch host {
	case "":
		a = netip.IPv4Unspecified()
	case "localhost":
		a = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	default:
		if a, err = netip.ParseAddr(host); err != nil {
			return netip.AddrPort{}, &net.DNSError{Err: "there is no resolver: want an address", Name: host, IsNotFound: true}
		}
	}
	if a = a.Unmap(); !a.Is4() {
		return netip.AddrPort{}, &net.AddrError{Err: "not an IPv4 address", Addr: address}
	}
	return netip.AddrPortFrom(a, uint16(p)), nil
}

// addr makes an address of package net's.
func (n network) addr(a netip.AddrPort) net.Addr {
	switch n.typ {
	case kern.SockStream:
		return net.TCPAddrFromAddrPort(a)
	case kern.SockDgram:
		return net.UDPAddrFromAddrPort(a)
	}
	return &net.IPAddr{IP: a.Addr().AsSlice()}
}

// addrPort reads an address of package net's.
func addrPort(a net.Addr) (netip.AddrPort, error) {
	switch a := a.(type) {
	case *net.UDPAddr:
		return unmap(a.AddrPort()), nil
	case *net.TCPAddr:
		return unmap(a.AddrPort()), nil
	case *net.IPAddr:
		if ip, ok := netip.AddrFromSlice(a.IP); ok {
			return netip.AddrPortFrom(ip.Unmap(), 0), nil
		}
	}
	return netip.AddrPort{}, fmt.Errorf("address of type %T", a)
}

func unmap(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }
