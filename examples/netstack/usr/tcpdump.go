//go:build !vimage

package usr

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/net/bpf"
	"github.com/go-vimage/vimage/runtime/alias"
)

// A capture is one that tcpdump has begun.
type capture struct {
	path string
	out  *os.File
	file *bpf.File
	tap  *bpf.Tap
}

// captured is the stack's capture, or nil.
var captured *capture

// tcpdump captures packets of the stack, of one interface or of all, into a file,
// and loads the module bpf for that. Stop ends it and unloads the module.
func tcpdump(w io.Writer, args []string) error {
	only := ""
	if len(args) == 3 && args[0] == "-i" {
		only, args = args[1], args[2:]
	}
	switch {
	case len(args) != 1:
		return errUsage
	case args[0] == "stop" && captured == nil:
		return errors.New("nothing is captured")
	case args[0] == "stop":
		if err := kldunload(w, []string{"bpf"}); err != nil {
			return err
		}
		path := captured.path
		n, err := endCapture()
		if err == nil {
			fmt.Fprintf(w, "%d packets in %s\n", n, path)
		}
		return err
	case captured != nil:
		return fmt.Errorf("%s is being written: stop ends it", captured.path)
	case alias.Available() != nil:
		return errors.New("this build loads no modules, so that nothing would be captured: build it with -tags vimage")
	}
	return startCapture(args[0], only)
}

func startCapture(path, only string) error {
	var ifp *net.Ifnet
	if only != "" {
		kern.Lock()
		ifp = net.IfByName(only)
		kern.Unlock()
		if ifp == nil {
			return fmt.Errorf("%s: no such interface", only)
		}
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	c := &capture{path: path, out: out, file: bpf.NewFile(out)}
	host := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	c.tap = bpf.Attach(c.file, host, ifp)
	captured = c
	if err := kldload(nil, []string{"bpf"}); err != nil {
		_, end := endCapture()
		return errors.Join(err, end)
	}
	return nil
}

// closeCapture ends the capture with the stack.
//
//vimage:sysuninit services any
func closeCapture() error {
	_, err := endCapture()
	return err
}

// endCapture writes the rest of the capture, and returns the number of its packets.
func endCapture() (int, error) {
	c := captured
	if c == nil {
		return 0, nil
	}
	captured = nil
	c.tap.Detach()
	n, err := c.file.Flush()
	return n, errors.Join(err, c.out.Close())
}
