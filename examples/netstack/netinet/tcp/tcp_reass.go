//go:build !vimage

package tcp

import "github.com/go-vimage/vimage/examples/netstack/kern"

// A reassSeg is data that came out of order. Segments of a queue
// do not overlap, and are in order.
type reassSeg struct {
	seq seq
	m   *kern.Mbuf // the data
	fin bool
}

func (r *reassSeg) end() seq { return r.seq.add(r.m.Len()) }

var (
	//vimage:sysctl net.inet.tcp.reass.maxqueuelen rw "Segments of a connection that wait for others" min=0
	reassMaxQueue = 1024
	//vimage:sysctl net.inet.tcp.reass.maxsegments rw "Segments of all connections that wait for others" min=0
	reassMaxSegments = 4096

	reassSegments int
)

// reassemble queues a segment, and delivers data that is complete. It reports whether
// the FIN is next. It takes s.m if it keeps the data.
func (tp *Tcpcb) reassemble(s *segment) (fin bool) {
	i := 0
	for i < len(tp.reass) && tp.reass[i].seq.leq(s.seq) {
		i++
	}
	data, at, fin := s.data, s.seq, s.has(thFin)
	if i > 0 {
		before := &tp.reass[i-1]
		if n := before.end().minus(at); n > 0 || n == 0 && before.fin {
			if before.fin || n > len(data) || n == len(data) && !fin {
				tcpstat.Rcvduppack++
				tcpstat.Rcvdupbyte += uint64(len(data))
				return false
			}
			data, at = data[n:], at.add(n)
		}
	}
	for i < len(tp.reass) {
		next := &tp.reass[i]
		end := at.add(len(data))
		if end.leq(next.seq) {
			break
		}
		if !next.end().gt(end) {
			fin = fin || next.fin
			tp.removeReass(i)
			continue
		}
		data, fin = data[:next.seq.minus(at)], false
		break
	}
	if len(data) == 0 && !fin {
		return false
	}
	if at == tp.rcvNxt {
		tp.deliver(data)
		fin = tp.drainReass() || fin && len(tp.reass) == 0
		tp.so.Sorwakeup()
		return fin
	}
	if len(tp.reass) >= reassMaxQueue || reassSegments >= reassMaxSegments {
		tcpstat.ReassOverflow++
		return false
	}
	tcpstat.Rcvoopack++
	tcpstat.Rcvoobyte += uint64(len(data))
	m := s.m
	s.m = nil
	whole := m.Data()
	m.Adj(cap(whole) - cap(data))
	m.Trim(len(data))
	tp.reass = append(tp.reass, reassSeg{})
	copy(tp.reass[i+1:], tp.reass[i:])
	tp.reass[i] = reassSeg{at, m, fin}
	reassSegments++
	tp.reportSack(i)
	return false
}

// removeReass frees the segment at i.
func (tp *Tcpcb) removeReass(i int) {
	tp.reass[i].m.Free()
	copy(tp.reass[i:], tp.reass[i+1:])
	tp.reass[len(tp.reass)-1] = reassSeg{}
	if tp.reass = tp.reass[:len(tp.reass)-1]; len(tp.reass) == 0 {
		tp.reass = nil
	}
	reassSegments--
}

// drainReass delivers the data before the first gap. It reports whether the FIN
// is next.
func (tp *Tcpcb) drainReass() (fin bool) {
	n := 0
	for ; n < len(tp.reass) && tp.reass[n].seq == tp.rcvNxt && !fin; n++ {
		r := &tp.reass[n]
		tp.deliver(r.m.Data())
		fin = r.fin
		r.m.Free()
		r.m = nil
	}
	tp.reass = append(tp.reass[:0], tp.reass[n:]...)
	clear(tp.reass[len(tp.reass):cap(tp.reass)])
	if len(tp.reass) == 0 {
		tp.reass = nil
	}
	reassSegments -= n
	tp.pruneReported()
	return fin
}

// freeReass forgets all segments that wait.
func (tp *Tcpcb) freeReass() {
	for i := range tp.reass {
		tp.reass[i].m.Free()
	}
	reassSegments -= len(tp.reass)
	tp.reass, tp.nrcvSack = nil, 0
}
