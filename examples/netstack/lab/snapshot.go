package lab

import (
	"fmt"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/usr"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// A Snapshot is a copy of a lab's state at a time.
type Snapshot struct {
	Time  time.Time  `json:"time"`
	Nodes []NodeStat `json:"nodes"`
	Links []LinkStat `json:"links"`
}

// A NodeStat is a node's part of it. Interfaces of a node that ended are gone.
type NodeStat struct {
	Name       string   `json:"name"`
	State      string   `json:"state"`
	Goroutines int      `json:"goroutines"`
	Interfaces []IfStat `json:"interfaces"`
	usr.Counters
}

// An IfStat is an interface with its counters.
type IfStat struct {
	Name string `json:"name"`
	Addr string `json:"addr"` // "" for none
	Up   bool   `json:"up"`
	net.IfData
}

// A LinkStat names the ends of a link, as NODE:INTERFACE.
type LinkStat struct {
	A, B string
}

// Snapshot returns the lab as it is now.
func (l *Lab) Snapshot() *Snapshot {
	s := &Snapshot{Time: time.Now()}
	for _, n := range l.Nodes {
		s.Nodes = append(s.Nodes, n.stat())
	}
	for _, c := range l.Links {
		s.Links = append(s.Links, LinkStat{c.Link.A.Node + ":" + c.Link.A.Ifname, c.Link.B.Node + ":" + c.Link.B.Ifname})
	}
	return s
}

func (n *Node) stat() (s NodeStat) {
	s = NodeStat{Name: n.Name(), State: n.State().String()}
	if n.State() != vimage.Live {
		return s
	}
	defer func() {
		if recover() != nil { // it ended meanwhile
			s.State, s.Interfaces = n.State().String(), nil
		}
	}()
	s.Goroutines = n.Goroutines()
	n.Do(func() {
		s.Counters = usr.ReadCounters()
		kern.Lock()
		defer kern.Unlock()
		for _, ifp := range net.Interfaces() {
			i := IfStat{Name: ifp.Xname, Up: ifp.Flags&net.IFFUp != 0, IfData: ifp.Data}
			if len(ifp.Addrs) > 0 {
				i.Addr = fmt.Sprintf("%v/%d", ifp.Addrs[0].Addr, ifp.Addrs[0].Plen)
			}
			s.Interfaces = append(s.Interfaces, i)
		}
	})
	return s
}
