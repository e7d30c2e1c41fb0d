//go:build !vimage

// Package epair joins interfaces of two stacks by a cable: what one end sends the
// other receives. It is the one driver that knows of images.
//
// Input: a cable, made by [New] in any image, and [End.Attach], called in the image
// of each end. Output: an interface in that image. A frame that is sent goes into
// the queue of the other end, which has a lock of its own; a goroutine of the other
// image, started if none runs, takes it from there. No lock is held in two images at
// a time. In a plain build both ends are in the one stack.
//
// The table of cables is the one thing that images share. A cable refers to the
// images, and to packets on their way, but to nothing of either stack.
package epair

import (
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/runtime/vimage"
)

//go:generate go tool vimagegen generate

// A Cable has two ends.
type Cable struct{ A, B *End }

// An End is one end of a cable, to which an interface is attached.
type End struct {
	peer  *End
	addr  net.Lladdr
	queue kern.Ifqueue // frames on their way to this end
	mu    sync.Mutex
	image *vimage.Image // of the stack that it is attached in
	up    bool
}

// cables has all cables with an end attached, so that what two images reach of
// them is known as shared.
//
//vimage:shared cables connect images
var cables sync.Map // *End to true

//vimage:shared numbers the Ethernet addresses of all stacks
var lastAddr atomic.Uint32

// attached has the interfaces of this stack, by their ends.
var attached = map[*End]*net.Ifnet{}

// New makes a cable with no end attached.
func New() *Cable {
	a, b := &End{addr: newAddr()}, &End{addr: newAddr()}
	a.peer, b.peer = b, a
	return &Cable{a, b}
}

// newAddr returns an Ethernet address that no other cable of this process has.
func newAddr() net.Lladdr {
	n := lastAddr.Add(1)
	return net.Lladdr{0x02, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
}

// Attach makes an interface of that name in the current stack. It takes Giant.
func (e *End) Attach(name string) (*net.Ifnet, error) {
	kern.Lock()
	defer kern.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.up {
		return nil, fmt.Errorf("%s: the end of the cable is in use: %w", name, syscall.EBUSY)
	}
	ifp := &net.Ifnet{
		Xname: name, Lladdr: e.addr, Softc: e, Transmit: transmit, Detached: detach,
		Cap: net.IFCapCsum | net.IFCapTSO,
	}
	if err := net.EtherIfattach(ifp); err != nil {
		return nil, err
	}
	e.image, e.up = vimage.Current(), true
	attached[e] = ifp
	cables.Store(e, true)
	return ifp, nil
}

func transmit(ifp *net.Ifnet, m *kern.Mbuf) error {
	if !ifp.Softc.(*End).peer.deliver(m) {
		return syscall.ENOBUFS
	}
	return nil
}

// deliver queues a frame for the end, and starts a goroutine that receives it if
// none runs. It reports false if the queue is full. A frame to an end that is not
// attached is lost, as on a cable that is not plugged in.
func (e *End) deliver(m *kern.Mbuf) bool {
	ok, start := e.queue.Put(m)
	if !start {
		return ok
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.up || !e.start() {
		e.queue.Discard()
	}
	return true
}

// start starts a goroutine in the end's image. It reports false if that is closing.
func (e *End) start() (ok bool) {
	if e.image == nil {
		go e.receive()
		return true
	}
	if e.image.State() != vimage.Live {
		return false
	}
	defer func() { ok = recover() == nil }() // it began to close meanwhile
	e.image.Go(e.receive)
	return true
}

// receive takes the queue's frames, in the end's image.
func (e *End) receive() {
	kern.Lock()
	ifp, p := attached[e], pipes[e]
	kern.Unlock()
	kern.Drain(&e.queue, func(m *kern.Mbuf) {
		switch {
		case ifp == nil:
			m.Free()
		case p != nil:
			p.Carry(m, func(m *kern.Mbuf) { net.EtherInput(ifp, m) })
		default:
			net.EtherInput(ifp, m)
		}
	})
}

func detach(ifp *net.Ifnet) {
	e := ifp.Softc.(*End)
	e.mu.Lock()
	e.image, e.up = nil, false
	e.mu.Unlock()
	cables.Delete(e)
	delete(attached, e)
	delete(pipes, e)
}

// DetachAll unplugs all cables of the stack.
//
//vimage:sysuninit interfaces any
func DetachAll() {
	kern.Lock()
	defer kern.Unlock()
	for _, ifp := range attached {
		net.IfDetach(ifp)
	}
}
