//go:build !vimage

package net

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"syscall"
)

// An Rtentry is a route.
type Rtentry struct {
	Dst     InAddr
	Plen    int
	Gateway InAddr // the next hop, 0 if the destination is a neighbour
	Ifp     *Ifnet
	Ifa     *Ifaddr // whose address packets of ours get
	MTU     int     // less than the interface's, or 0
	Reject  bool    // unreachable
}

// A Rib is a routing table (FIB): a path-compressed binary trie. Each node is a
// prefix; its children's prefixes begin with it and differ in the bit after it.
type Rib struct {
	root *node
	n    int
}

type node struct {
	key   InAddr
	plen  int
	route *Rtentry // nil for a fork that is no route
	child [2]*node
}

// Ribs are the routing tables, by number.
var Ribs []*Rib

// RtGeneration changes whenever a route does. A caller that caches a route looks it
// up again when the generation differs.
var RtGeneration uint64 = 1

// MaxFibs bounds the number of routing tables.
const MaxFibs = 256

// RibOf returns a routing table, which is made if need be.
func RibOf(fib int) *Rib {
	if fib < 0 || fib >= MaxFibs {
		panic(fmt.Sprintf("net: routing table %d", fib))
	}
	for len(Ribs) <= fib {
		Ribs = append(Ribs, new(Rib))
	}
	return Ribs[fib]
}

// Fibs returns the number of routing tables.
func Fibs() int { return len(Ribs) }

// RtLookup returns the route of the longest prefix in a table, or nil.
func RtLookup(fib int, dst InAddr) *Rtentry {
	if fib >= len(Ribs) {
		return nil
	}
	return Ribs[fib].Lookup(dst)
}

func bit(a InAddr, i int) int { return int(a>>(31-i)) & 1 }

// common returns the length of the prefix that both have, at most limit.
func common(a, b InAddr, limit int) int { return min(bits.LeadingZeros32(uint32(a^b)), limit) }

// Lookup returns the route of the longest prefix, or nil.
func (r *Rib) Lookup(dst InAddr) *Rtentry {
	var best *Rtentry
	for n := r.root; n != nil; n = n.child[bit(dst, n.plen)] {
		if (dst^n.key)&Mask(n.plen) != 0 {
			break
		}
		if n.route != nil {
			best = n.route
		}
		if n.plen == 32 {
			break
		}
	}
	return best
}

// Add adds a route. It fails if there is one to the same prefix.
func (r *Rib) Add(rt *Rtentry) error {
	if rt.Plen < 0 || rt.Plen > 32 || rt.Dst&^Mask(rt.Plen) != 0 {
		return fmt.Errorf("route to %v/%d: %w", rt.Dst, rt.Plen, syscall.EINVAL)
	}
	at := &r.root
	for {
		n := *at
		if n == nil {
			*at = &node{key: rt.Dst, plen: rt.Plen, route: rt}
			break
		}
		c := common(n.key, rt.Dst, min(n.plen, rt.Plen))
		if c == n.plen && c == rt.Plen {
			if n.route != nil {
				return fmt.Errorf("route to %v/%d: %w", rt.Dst, rt.Plen, syscall.EEXIST)
			}
			n.route = rt
			break
		}
		if c == n.plen {
			at = &n.child[bit(rt.Dst, c)]
			continue
		}
		fork := &node{key: rt.Dst & Mask(c), plen: c}
		fork.child[bit(n.key, c)] = n
		if c == rt.Plen {
			fork.route = rt
		} else {
			fork.child[bit(rt.Dst, c)] = &node{key: rt.Dst, plen: rt.Plen, route: rt}
		}
		*at = fork
		break
	}
	r.n++
	RtGeneration++
	return nil
}

// Delete removes the route to a prefix.
func (r *Rib) Delete(dst InAddr, plen int) error {
	var path []**node
	for at := &r.root; *at != nil; at = &(*at).child[bit(dst, (*at).plen)] {
		n := *at
		path = append(path, at)
		if n.plen == plen && n.key == dst && n.route != nil {
			n.route = nil
			r.n--
			RtGeneration++
			for i := len(path) - 1; i >= 0; i-- { // forks that have one child left go too
				n := *path[i]
				if n.route != nil || n.child[0] != nil && n.child[1] != nil {
					break
				}
				if *path[i] = n.child[0]; n.child[0] == nil {
					*path[i] = n.child[1]
				}
			}
			return nil
		}
		if n.plen >= plen || (dst^n.key)&Mask(n.plen) != 0 {
			break
		}
	}
	return fmt.Errorf("route to %v/%d: %w", dst, plen, syscall.ESRCH)
}

// Routes returns all routes, by prefix.
func (r *Rib) Routes() []*Rtentry {
	all := make([]*Rtentry, 0, r.n)
	var walk func(n *node)
	walk = func(n *node) {
		if n == nil {
			return
		}
		if n.route != nil {
			all = append(all, n.route)
		}
		walk(n.child[0])
		walk(n.child[1])
	}
	walk(r.root)
	slices.SortStableFunc(all, func(a, b *Rtentry) int {
		return cmp.Or(cmp.Compare(a.Dst, b.Dst), cmp.Compare(a.Plen, b.Plen))
	})
	return all
}

func (r *Rib) drop(which func(rt *Rtentry) bool) {
	for _, rt := range r.Routes() {
		if which(rt) {
			_ = r.Delete(rt.Dst, rt.Plen)
		}
	}
}

func (r *Rib) dropIf(ifp *Ifnet)  { r.drop(func(rt *Rtentry) bool { return rt.Ifp == ifp }) }
func (r *Rib) dropIfa(ia *Ifaddr) { r.drop(func(rt *Rtentry) bool { return rt.Ifa == ia }) }

// RtAdd adds a route by a gateway, which must be a neighbour.
func RtAdd(fib int, dst InAddr, plen int, gateway InAddr) error {
	via := RtLookup(fib, gateway)
	if via == nil || via.Gateway != 0 || via.Ifa == nil {
		return fmt.Errorf("gateway %v is no neighbour: %w", gateway, syscall.ENETUNREACH)
	}
	return RibOf(fib).Add(&Rtentry{Dst: dst & Mask(plen), Plen: plen, Gateway: gateway, Ifp: via.Ifp, Ifa: via.Ifa})
}

// RtDelete removes a route.
func RtDelete(fib int, dst InAddr, plen int) error { return RibOf(fib).Delete(dst&Mask(plen), plen) }

// A Route is a route that is kept, for the packets of one connection.
type Route struct {
	rt         *Rtentry
	generation uint64
	dst        InAddr
	fib        int
}

// Lookup returns the route to dst, from the last time if nothing changed since.
func (ro *Route) Lookup(fib int, dst InAddr) *Rtentry {
	if ro.generation != RtGeneration || ro.dst != dst || ro.fib != fib {
		*ro = Route{RtLookup(fib, dst), RtGeneration, dst, fib}
	}
	return ro.rt
}
