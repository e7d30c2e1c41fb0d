// Package stacktest gives tests a stack of their own and an interface whose frames
// they see and make.
package stacktest

import (
	"context"
	"fmt"
	"path"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/runtime/alias"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// Run runs f in a stack of its own, in builds that have images; else in the one
// that there is, which f has to leave as it found it. The stack has a virtual clock.
func Run(t testing.TB, f func()) {
	t.Helper()
	if vimage.Available() != nil {
		if !kern.VirtualClock() {
			kern.SetVirtualClock()
		}
		f()
		return
	}
	im := New(t, t.Name())
	im.Do(func() {
		kern.SetVirtualClock()
		f()
	})
}

// New makes an image that is closed when the test ends, and must close in order.
func New(t testing.TB, name string) *vimage.Image {
	t.Helper()
	im, err := vimage.New(vimage.WithName(name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { Close(t, im) })
	return im
}

// Close closes an image and fails the test if something is left.
func Close(t testing.TB, im *vimage.Image) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := im.Close(ctx); err != nil {
		t.Error(err)
	}
}

// Load loads a module of the stack's that the test imports. It skips the test in a
// plain build, which has no modules.
func Load(t testing.TB, name string) {
	t.Helper()
	if err := alias.Available(); err != nil {
		t.Skip(err)
	}
	i := slices.IndexFunc(alias.Known(), func(m *alias.Module) bool { return path.Base(m.Name) == name })
	if i < 0 {
		t.Fatalf("the test does not import the module %s", name)
	}
	if err := alias.Load(t.Context(), alias.Known()[i]); err != nil {
		t.Fatal(err)
	}
}

// A Port is an Ethernet interface whose other end is the test.
type Port struct {
	*net.Ifnet
	sent [][]byte
}

// PeerLladdr is the test's Ethernet address.
var PeerLladdr = net.Lladdr{2, 0, 0, 0, 0xff, 1}

// ports numbers interfaces.
var ports atomic.Uint32

// NewPort attaches an interface, with an address unless it is 0. It goes when the
// test ends.
func NewPort(t testing.TB, a net.InAddr, plen int) *Port {
	t.Helper()
	p := &Port{}
	n := ports.Add(1)
	p.Ifnet = &net.Ifnet{
		Xname: fmt.Sprintf("test%d", n), Lladdr: net.Lladdr{2, 0, 0, 1, byte(n >> 8), byte(n)}, Flags: net.IFFUp,
		Transmit: func(_ *net.Ifnet, m *kern.Mbuf) error {
			p.sent = append(p.sent, append([]byte(nil), m.Data()...))
			m.Free()
			return nil
		},
	}
	kern.Lock()
	defer kern.Unlock()
	if err := net.EtherIfattach(p.Ifnet); err != nil {
		t.Fatal(err)
	}
	if a != 0 {
		if _, err := net.IfAddAddr(p.Ifnet, a, plen); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// Sink makes the interface drop the frames that it sends.
func (p *Port) Sink() {
	kern.Lock()
	defer kern.Unlock()
	p.Transmit = func(_ *net.Ifnet, m *kern.Mbuf) error {
		m.Free()
		return nil
	}
}

// Detach removes the interface.
func (p *Port) Detach() {
	kern.Lock()
	defer kern.Unlock()
	net.IfDetach(p.Ifnet)
}

// Input makes the interface receive a frame. The stack's answers are in Sent when
// it returns.
func (p *Port) Input(frame []byte) {
	kern.Lock()
	defer kern.Unlock()
	net.EtherInput(p.Ifnet, kern.GetBytes(frame))
}

// Sent returns the frames that were sent since the last call.
func (p *Port) Sent() [][]byte {
	kern.Lock()
	defer kern.Unlock()
	sent := p.sent
	p.sent = nil
	return sent
}
