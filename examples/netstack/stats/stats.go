// Package stats publishes the counters of a process's stacks on a shared page, where
// other processes read it without a call: vimagegen page netstack.
//
// Input: snapshots of a lab. Output: the page's variables, all of one moment. All
// counters and settings of one stack are on its image's own page (package
// runtime/vdso/self), which the command publish makes.
package stats

import (
	"time"

	"github.com/go-vimage/vimage/examples/netstack/lab"
)

//go:generate go tool vimagegen generate

// Stats are the sums over all nodes and their interfaces, loopback apart. Those of
// nodes that ended are not in them any more.
//
//vimage:shared_page netstack version=1.1
type Stats struct {
	Images  uint32 // nodes
	Live    uint32 // those that have not ended
	Packets uint64 // received
	Bytes   uint64
	Drops   uint64
	Nanos   int64 // when this was so, since 1970

	IPForwarded, IPReassembled, ICMPReceived  uint64
	UDPReceived, UDPSent                      uint64
	TCPReceived, TCPSent, TCPSentAgain        uint64 // segments
	TCPConnections, TCPTimeouts, TCPBadChecks uint64
}

// Of returns the sums of a snapshot.
func Of(s *lab.Snapshot) (sum Stats) {
	sum.Images, sum.Nanos = uint32(len(s.Nodes)), s.Time.UnixNano()
	for _, n := range s.Nodes {
		if n.State == "live" {
			sum.Live++
		}
		sum.IPForwarded += n.IP.Forward
		sum.IPReassembled += n.IP.Reassembled
		sum.ICMPReceived += n.ICMP.In
		sum.UDPReceived += n.UDP.In
		sum.UDPSent += n.UDP.Out
		sum.TCPReceived += n.TCP.Rcvtotal
		sum.TCPSent += n.TCP.Sndtotal
		sum.TCPSentAgain += n.TCP.Sndrexmitpack
		sum.TCPConnections += n.TCP.Connects
		sum.TCPTimeouts += n.TCP.Rexmttimeo
		sum.TCPBadChecks += n.TCP.Rcvbadsum
		for _, i := range n.Interfaces {
			if i.Name != "lo0" {
				sum.Packets += i.Ipackets
				sum.Bytes += i.Ibytes
				sum.Drops += i.Idrops + i.Odrops
			}
		}
	}
	return sum
}

// Publish keeps the page up to date until stop is closed.
func Publish(l *lab.Lab, p *StatsPublisher, every time.Duration, stop <-chan struct{}) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		now := Of(l.Snapshot())
		if err := p.Publish(func(s *Stats) { *s = now }); err != nil {
			return err
		}
		select {
		case <-stop:
			return nil
		case <-tick.C:
		}
	}
}
