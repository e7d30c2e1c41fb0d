//go:build !vimage

package tap

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"syscall"
	"unsafe"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/net/dummynet"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

const (
	device    = "/dev/net/tun"
	tunSetIff = 0x400454ca
	iffTap    = 0x0002
	iffNoPi   = 0x1000
	frameMax  = 65536
)

// A tapDevice is one that is attached. Its pipes make the link to it bad.
type tapDevice struct {
	*os.File
	in, out *dummynet.Pipe
}

// devices has the devices of this stack's interfaces.
var devices = map[*net.Ifnet]*tapDevice{}

// Attach makes an interface called ifname of the TAP device dev. It takes Giant.
func Attach(ifname, dev string) (*net.Ifnet, error) {
	f, err := open(dev)
	if err != nil {
		return nil, err
	}
	ifp := &net.Ifnet{Xname: ifname, Transmit: transmit, Detached: detach}
	binary.BigEndian.PutUint32(ifp.Lladdr[2:], rand.Uint32())
	ifp.Lladdr[0] = 2
	kern.Lock()
	defer kern.Unlock()
	if err := net.EtherIfattach(ifp); err != nil {
		f.Close()
		return nil, err
	}
	d := &tapDevice{File: f}
	devices[ifp] = d
	kern.Go(func() { receive(ifp, d) })
	return ifp, nil
}

// SetLink says how bad each direction between the interface and the device is. It
// takes Giant.
func SetLink(ifp *net.Ifnet, l dummynet.Link) error {
	if err := l.Check(); err != nil {
		return err
	}
	kern.Lock()
	defer kern.Unlock()
	d := devices[ifp]
	if d == nil {
		return fmt.Errorf("tap: %s is no device of this stack", ifp.Xname)
	}
	d.in = dummynet.New(l)
	l.Seed++
	d.out = dummynet.New(l)
	return nil
}

func open(dev string) (*os.File, error) {
	if len(dev) == 0 || len(dev) >= syscall.IFNAMSIZ {
		return nil, fmt.Errorf("tap: %q: want a device name of 1 to %d characters", dev, syscall.IFNAMSIZ-1)
	}
	fd, err := syscall.Open(device, syscall.O_RDWR|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: device, Err: err}
	}
	var req struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(req.name[:], dev)
	req.flags = iffTap | iffNoPi
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), tunSetIff, uintptr(unsafe.Pointer(&req))); errno != 0 {
		_ = syscall.Close(fd)
		return nil, fmt.Errorf("tap: %s: %w", dev, errno)
	}
	return os.NewFile(uintptr(fd), device), nil
}

func transmit(ifp *net.Ifnet, m *kern.Mbuf) (err error) {
	d := devices[ifp]
	if d == nil {
		m.Free()
		return syscall.ENETDOWN
	}
	if m.Flags&kern.MCsumDelayed != 0 { // of a bridge's other member
		netinet.DelayedCksumAt(m, net.EtherHdrLen)
	}
	d.out.Carry(m, func(m *kern.Mbuf) {
		_, err = d.Write(m.Data())
		m.Free()
	})
	return err
}

// receive reads frames until the device is closed.
func receive(ifp *net.Ifnet, d *tapDevice) {
	buf := make([]byte, frameMax)
	for {
		n, err := d.Read(buf)
		if err != nil {
			return
		}
		m := kern.GetBytes(buf[:n])
		kern.Lock()
		d.in.Carry(m, func(m *kern.Mbuf) { net.EtherInput(ifp, m) })
		kern.Unlock()
	}
}

func detach(ifp *net.Ifnet) {
	if d := devices[ifp]; d != nil {
		d.Close()
		delete(devices, ifp)
	}
}

// DetachAll closes all devices of the stack.
//
//vimage:sysuninit interfaces any
func DetachAll() {
	kern.Lock()
	defer kern.Unlock()
	for ifp := range devices {
		net.IfDetach(ifp)
	}
}
