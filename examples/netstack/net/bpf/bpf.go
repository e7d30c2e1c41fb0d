//go:build !vimage

// Package bpf captures frames that interfaces send and receive, as pcapng. It is a
// module over the weak function net.BpfMtap: until it is loaded, nothing is called
// for a packet.
//
// Input: [Attach] in a stack, and its traffic. Output: a file that tcpdump and
// Wireshark read, with the names of the interfaces and the stack. Each stack has
// captures of its own, and loads the module for itself.
package bpf

import (
	"bufio"
	"encoding/binary"
	"io"
	"slices"
	"sync"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/runtime/vdso"
)

//go:generate go tool vimagegen generate

// A File is a capture file. The captures of several stacks may be in one.
type File struct {
	mu      sync.Mutex
	buf     *bufio.Writer
	out     *pcapng
	err     error
	packets int
}

// NewFile begins a file.
func NewFile(w io.Writer) *File {
	f := &File{buf: bufio.NewWriter(w)}
	f.out, f.err = newPcapng(f.buf, "netstack")
	return f
}

// Flush writes the buffered packets. It returns the number of packets in the file,
// and the first error of writing.
func (f *File) Flush() (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = f.buf.Flush()
	}
	return f.packets, f.err
}

// A Tap is a capture of a stack.
type Tap struct {
	file *File
	host string
	only *net.Ifnet // or nil for all
	ids  map[*net.Ifnet]uint32
}

var taps []*Tap

// Attach begins to capture one interface, or all if ifp is nil, of the stack, which
// the file calls host. It takes Giant.
func Attach(f *File, host string, ifp *net.Ifnet) *Tap {
	kern.Lock()
	defer kern.Unlock()
	t := &Tap{file: f, host: host, only: ifp, ids: map[*net.Ifnet]uint32{}}
	taps = append(taps, t)
	net.HookBpf.Add(ifp, 1)
	return t
}

// Detach ends the capture. It takes Giant.
func (t *Tap) Detach() {
	kern.Lock()
	defer kern.Unlock()
	if i := slices.Index(taps, t); i >= 0 {
		taps = slices.Delete(taps, i, i+1)
		net.HookBpf.Add(t.only, -1)
	}
}

//vimage:strong net.BpfMtap
func tap(ifp *net.Ifnet, m *kern.Mbuf) {
	for _, t := range taps {
		if t.only == nil || t.only == ifp {
			t.write(ifp, m)
		}
	}
}

func (t *Tap) write(ifp *net.Ifnet, m *kern.Mbuf) {
	if loop := ifp.Flags&net.IFFLoopback != 0; loop || m.Flags&kern.MCsumDelayed != 0 {
		m = m.Dup()
		defer m.Free()
		if loop { // as Linux has it: tcpdump wants one link type for all of a file
			b := m.Prepend(net.EtherHdrLen)
			clear(b[:12])
			binary.BigEndian.PutUint16(b[12:], net.EtherTypeIP)
		}
		if m.Flags&kern.MCsumDelayed != 0 { // it is not computed yet
			netinet.DelayedCksumAt(m, net.EtherHdrLen)
		}
	}
	f := t.file
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return
	}
	id, ok := t.ids[ifp]
	if !ok {
		if id, f.err = f.out.addInterface(t.host+"."+ifp.Xname, "interface "+ifp.Xname+" of stack "+t.host); f.err != nil {
			return
		}
		t.ids[ifp] = id
	}
	f.packets++
	f.err = f.out.packet(id, vdso.Now(), m.Data())
}
