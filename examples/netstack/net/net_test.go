package net_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

// A table finds what a search through all its routes finds.
func TestRoutes(t *testing.T) {
	for range 20 {
		rib := new(net.Rib)
		have := map[string]*net.Rtentry{}
		some := func() (net.InAddr, int) {
			plen := rand.IntN(33)
			a := net.InAddr(rand.Uint32()) & 0x83000003 // so that prefixes meet
			return a & net.Mask(plen), plen
		}
		for range 400 {
			dst, plen := some()
			key := fmt.Sprint(dst, plen)
			if rand.IntN(3) > 0 {
				rt := &net.Rtentry{Dst: dst, Plen: plen}
				if err := rib.Add(rt); (err == nil) != (have[key] == nil) {
					t.Fatal(err)
				} else if err == nil {
					have[key] = rt
				}
			} else {
				if err := rib.Delete(dst, plen); (err == nil) != (have[key] != nil) {
					t.Fatal(err)
				}
				delete(have, key)
			}
			a, _ := some()
			a |= net.InAddr(rand.Uint32()) & 3
			var want *net.Rtentry
			for _, rt := range have {
				if (a^rt.Dst)&net.Mask(rt.Plen) == 0 && (want == nil || rt.Plen > want.Plen) {
					want = rt
				}
			}
			if got := rib.Lookup(a); got != want {
				t.Fatalf("%v: %+v, want %+v", a, got, want)
			}
		}
		if n := len(rib.Routes()); n != len(have) {
			t.Errorf("%d routes, want %d", n, len(have))
		}
	}
	if err := new(net.Rib).Add(&net.Rtentry{Dst: 1, Plen: 24}); err == nil {
		t.Error("a prefix with bits below its length is taken")
	}
}

func TestKeptRoute(t *testing.T) {
	stacktest.Run(t, func() {
		p := stacktest.NewPort(t, 10<<24|1, 8)
		defer p.Detach()
		kern.Lock()
		defer kern.Unlock()
		var ro net.Route
		to := net.InAddr(11 << 24)
		if ro.Lookup(0, to) != nil {
			t.Error("a route before there is one")
		}
		if err := net.RtAdd(0, to, 8, 10<<24|2); err != nil {
			t.Fatal(err)
		}
		if rt := ro.Lookup(0, to); rt == nil || rt.Gateway != 10<<24|2 {
			t.Error("the kept route is not looked up again")
		}
		if err := net.RtAdd(0, 12<<24, 8, 13<<24); err == nil {
			t.Error("a gateway that is no neighbour")
		}
		if net.RtLookup(1, to) != nil {
			t.Error("a route of another table")
		}
		for _, ia := range p.Addrs {
			net.IfDelAddr(ia)
		}
		if ro.Lookup(0, to) != nil {
			t.Error("a route by an address that is gone")
		}
	})
}

// A bridge sends a frame to the port where its address was seen, and to all others
// while it was not, and forgets.
func TestBridge(t *testing.T) {
	stacktest.Run(t, func() {
		br, err := net.NewBridge("bridge0", net.Lladdr{2, 0, 0, 0, 0, 99})
		if err != nil {
			t.Fatal(err)
		}
		var ports []*stacktest.Port
		for range 3 {
			p := stacktest.NewPort(t, 0, 0)
			defer p.Detach()
			ports = append(ports, p)
			if err := br.Add(p.Ifnet); err != nil {
				t.Fatal(err)
			}
		}
		defer func() {
			kern.Lock()
			defer kern.Unlock()
			net.IfDetach(br.Ifp)
		}()
		frame := func(dst, src byte) []byte {
			return append([]byte{2, 0, 0, 0, 1, dst, 2, 0, 0, 0, 1, src, 0x88, 0xb5}, "payload"...)
		}
		expect := func(from int, f []byte, want ...int) {
			t.Helper()
			ports[from].Input(f)
			for i, p := range ports {
				n := 0
				for _, w := range want {
					if w == i {
						n = 1
					}
				}
				sent := p.Sent()
				if len(sent) != n || n == 1 && string(sent[0]) != string(f) {
					t.Errorf("port %d: %d frames, want %d", i, len(sent), n)
				}
			}
		}
		expect(0, frame(2, 1), 1, 2) // not known yet
		expect(1, frame(1, 2), 0)
		expect(0, frame(2, 1), 1)
		expect(2, frame(2, 1), 1) // it moved to port 2
		expect(1, frame(1, 2), 2)
		expect(2, frame(1, 3)) // on its own segment
		kern.Advance(21 * time.Minute)
		expect(1, frame(1, 2), 0, 2)
		all := frame(0, 1)
		copy(all, "\xff\xff\xff\xff\xff\xff")
		expect(0, all, 1, 2)
	})
}
