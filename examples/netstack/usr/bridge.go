package usr

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

// bridge makes a switch of interfaces, or adds some to it, and prints its members.
func bridge(w io.Writer, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	kern.Lock()
	defer kern.Unlock()
	var br *net.Bridge
	if ifp := net.IfByName(args[0]); ifp == nil {
		a := net.Lladdr{2}
		binary.BigEndian.PutUint32(a[2:], rand.Uint32())
		var err error
		if br, err = net.NewBridge(args[0], a); err != nil {
			return err
		}
	} else if b, ok := ifp.Softc.(*net.Bridge); ok {
		br = b
	} else {
		return fmt.Errorf("%s: no bridge", args[0])
	}
	for _, name := range args[1:] {
		ifp := net.IfByName(name)
		if ifp == nil {
			return fmt.Errorf("%s: no such interface", name)
		}
		if err := br.Add(ifp); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(args) == 1 {
		for _, m := range br.Members() {
			fmt.Fprintln(w, m.Xname)
		}
	}
	return nil
}
