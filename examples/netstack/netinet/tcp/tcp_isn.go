//go:build !vimage

package tcp

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

// isnSecret is made when the first connection is.
var isnSecret *[16]byte

// A connKey names a connection.
type connKey struct {
	laddr, faddr net.InAddr
	lport, fport uint16
}

// connHash is a keyed hash of a connection's addresses and one more number.
func connHash(k connKey, extra uint64) [sha256.Size]byte {
	if isnSecret == nil {
		isnSecret = new([16]byte)
		_, _ = rand.Read(isnSecret[:]) // it does not fail
	}
	b := make([]byte, 0, 64)
	b = append(b, isnSecret[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(k.laddr))
	b = binary.BigEndian.AppendUint32(b, uint32(k.faddr))
	b = binary.BigEndian.AppendUint16(b, k.lport)
	b = binary.BigEndian.AppendUint16(b, k.fport)
	b = binary.BigEndian.AppendUint64(b, extra)
	return sha256.Sum256(b)
}

// tsOffsetOf returns what is added to a connection's timestamps. It depends on the
// addresses alone, so that a cookie's ACK has it too.
func tsOffsetOf(k connKey) uint32 {
	h := connHash(k, 0)
	return binary.BigEndian.Uint32(h[:])
}

// newISN returns an initial sequence number by RFC 6528: a clock of 4 µs, which
// keeps numbers of one pair of addresses rising, and a secret for each pair.
func newISN(inp *netinet.Inpcb) (iss seq, tsOffset uint32) {
	k := connKey{inp.Laddr, inp.Faddr, inp.Lport, inp.Fport}
	h := connHash(k, 0)
	return seq(binary.BigEndian.Uint32(h[4:])) + seq(kern.Now()/(4*time.Microsecond)), binary.BigEndian.Uint32(h[:])
}

// Cookies: a listener's initial sequence number has 24 bits of a hash that changes
// every cookieEpoch, and 8 bits, disguised, of the SYN's options. They hold for two
// epochs.
const cookieEpoch = 16 * time.Second

// cookieMSS are the segment sizes that a cookie can say.
var cookieMSS = [8]int{216, 536, 1220, 1360, 1440, 1460, 8960, 65495}

func cookieHash(k connKey, irs seq, epoch time.Duration) uint32 {
	h := connHash(k, 1<<63|uint64(irs)<<16|uint64(epoch)&0xffff)
	return binary.BigEndian.Uint32(h[:])
}

// makeCookie returns a listener's initial sequence number for a SYN.
func makeCookie(k connKey, irs seq, o *tcpOpts) seq {
	i := len(cookieMSS) - 1
	for i > 0 && cookieMSS[i] > o.mss {
		i--
	}
	bits := uint32(i) << 5
	if o.wscale >= 0 {
		bits |= uint32(o.wscale+1) << 1
	}
	if o.sackOK {
		bits |= 1
	}
	return seq(cookieHash(k, irs, kern.Now()/cookieEpoch) ^ bits)
}

// checkCookie returns the options of the SYN whose answer had iss, if there was
// such a one.
func checkCookie(k connKey, irs, iss seq) (o tcpOpts, ok bool) {
	now := kern.Now() / cookieEpoch
	for _, epoch := range []time.Duration{now, now - 1} {
		bits := cookieHash(k, irs, epoch) ^ uint32(iss)
		if bits>>8 != 0 {
			continue
		}
		return tcpOpts{mss: cookieMSS[bits>>5], wscale: int(bits>>1&15) - 1, sackOK: bits&1 != 0}, true
	}
	return tcpOpts{}, false
}
