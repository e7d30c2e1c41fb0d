//go:build !vimage

package kern

import "sync"

// An Ifqueue is a bounded queue of packets between the code that receives them and
// a goroutine that exists only while packets are in it. It has a lock of its own, so
// that any goroutine may call Put, whatever locks it holds.
type Ifqueue struct {
	mu      sync.Mutex
	q       Mbufq
	running bool // a goroutine takes packets
	closed  bool
	Max     int    // packets that are kept, IfqMaxlen if 0
	Drops   uint64 // packets that were put while it was full or closed
}

// IfqMaxlen is the length of a queue that says nothing else.
const IfqMaxlen = 1024

// Put appends m, or frees it if the queue is full or closed. If start is true, the
// caller starts a goroutine that calls Take until that returns nil.
func (q *Ifqueue) Put(m *Mbuf) (ok, start bool) {
	limit := q.Max
	if limit == 0 {
		limit = IfqMaxlen
	}
	q.mu.Lock()
	if q.closed || q.q.n >= limit {
		q.Drops++
		q.mu.Unlock()
		m.Free()
		return false, false
	}
	q.q.Put(m)
	start = !q.running
	q.running = true
	q.mu.Unlock()
	return true, start
}

// Take removes all packets. If there are none, it returns an empty queue, and the
// caller's goroutine ends.
func (q *Ifqueue) Take() Mbufq {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.q
	q.q = Mbufq{}
	q.running = all.n > 0
	return all
}

// Discard frees all packets, and records that no goroutine takes them. A caller of
// Put calls it if it cannot start one.
func (q *Ifqueue) Discard() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.Drops += uint64(q.q.n)
	q.q.Free()
	q.running = false
}

// Close frees all packets and those that come later.
func (q *Ifqueue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.q.Free()
}

// Netisr numbers the handlers of packets that are queued and not dispatched at
// once: those of the loopback interface, which would recurse, and of devices.
type Netisr int

const (
	NetisrIP    Netisr = iota // IPv4 packets
	NetisrEther               // Ethernet frames
	netisrCount
)

// isrBatch is how many packets run between two times that Giant is free.
const isrBatch = 64

var (
	netisrHandlers [netisrCount]func(m *Mbuf)
	netisrQueues   [netisrCount]Ifqueue
)

// NetisrRegister registers f for packets of the kind. It is called with Giant held.
func NetisrRegister(n Netisr, f func(m *Mbuf)) { netisrHandlers[n] = f }

// NetisrQueue queues the packet. Giant may be held or not.
func NetisrQueue(n Netisr, m *Mbuf) bool {
	ok, start := netisrQueues[n].Put(m)
	if start {
		Go(func() { Drain(&netisrQueues[n], netisrHandlers[n]) })
	}
	return ok
}

// Drain calls f with Giant held for each packet until the queue is empty.
func Drain(q *Ifqueue, f func(m *Mbuf)) {
	for {
		all := q.Take()
		if all.n == 0 {
			return
		}
		for all.n > 0 {
			Lock()
			batchNow = Now()
			for range min(all.n, isrBatch) {
				f(all.Take())
			}
			batchNow = 0
			Unlock()
		}
	}
}
