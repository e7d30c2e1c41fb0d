package usr

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
	"text/tabwriter"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

func address(s string) (net.InAddr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() {
		return 0, fmt.Errorf("%s: want an IPv4 address", s)
	}
	return net.AddrFrom(a), nil
}

func ifconfig(w io.Writer, args []string) error {
	kern.Lock()
	defer kern.Unlock()
	if len(args) == 0 {
		for _, ifp := range net.Interfaces() {
			printIf(w, ifp)
		}
		return nil
	}
	ifp := net.IfByName(args[0])
	if ifp == nil {
		return fmt.Errorf("%s: no such interface", args[0])
	}
	if len(args) == 1 {
		printIf(w, ifp)
	}
	for i := 1; i < len(args); i++ {
		switch word := args[i]; {
		case word == "up":
			ifp.Flags |= net.IFFUp
		case word == "down":
			ifp.Flags &^= net.IFFUp
		case (word == "mtu" || word == "fib") && i+1 < len(args):
			i++
			low, high := 68, 65535
			if word == "fib" {
				low, high = 0, net.MaxFibs-1
			}
			n, err := number(word, args[i], low, high)
			if err != nil {
				return err
			}
			if word == "fib" {
				ifp.Fib = n
			} else {
				ifp.MTU = n
			}
		case strings.HasPrefix(word, "-"):
			a, err := address(word[1:])
			if err != nil {
				return err
			}
			found := false
			for _, ia := range ifp.Addrs {
				if found = ia.Addr == a; found {
					net.IfDelAddr(ia)
					break
				}
			}
			if !found {
				return fmt.Errorf("%s: %v is not its address", ifp.Xname, a)
			}
		case strings.Contains(word, "/"):
			a, plen, err := prefix(word)
			if err != nil {
				return err
			}
			if _, err := net.IfAddAddr(ifp, a, plen); err != nil {
				return err
			}
		default:
			return errUsage
		}
	}
	return nil
}

func printIf(w io.Writer, ifp *net.Ifnet) {
	var flags []string
	for i, name := range []string{"UP", "BROADCAST", "LOOPBACK", "MULTICAST", "PROMISC"} {
		if ifp.Flags&(1<<i) != 0 {
			flags = append(flags, name)
		}
	}
	fmt.Fprintf(w, "%s: flags=<%s> mtu %d", ifp.Xname, strings.Join(flags, ","), ifp.MTU)
	if ifp.Fib != 0 {
		fmt.Fprintf(w, " fib %d", ifp.Fib)
	}
	fmt.Fprintln(w)
	if ifp.Lladdr != (net.Lladdr{}) {
		fmt.Fprintf(w, "\tether %v\n", ifp.Lladdr)
	}
	for _, ia := range ifp.Addrs {
		fmt.Fprintf(w, "\tinet %v/%d", ia.Addr, ia.Plen)
		if b := ia.Broadcast(); b != 0 {
			fmt.Fprintf(w, " broadcast %v", b)
		}
		fmt.Fprintln(w)
	}
}

func route(w io.Writer, args []string) error {
	fib := 0
	if len(args) >= 2 && args[0] == "-fib" {
		var err error
		if fib, err = number("fib", args[1], 0, net.MaxFibs-1); err != nil {
			return err
		}
		args = args[2:]
	}
	kern.Lock()
	defer kern.Unlock()
	switch {
	case len(args) == 0 || len(args) == 1 && args[0] == "show":
		printRoutes(w)
		return nil
	case len(args) == 3 && args[0] == "add":
		dst, plen, err := prefix(args[1])
		if err != nil {
			return err
		}
		gw, err := address(args[2])
		if err != nil {
			return err
		}
		return net.RtAdd(fib, dst, plen, gw)
	case len(args) == 2 && args[0] == "reject":
		dst, plen, err := prefix(args[1])
		if err != nil {
			return err
		}
		return net.RibOf(fib).Add(&net.Rtentry{Dst: dst & net.Mask(plen), Plen: plen, Reject: true})
	case len(args) == 2 && args[0] == "del":
		dst, plen, err := prefix(args[1])
		if err != nil {
			return err
		}
		return net.RtDelete(fib, dst, plen)
	}
	return errUsage
}

func table(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 8, 2, ' ', 0) }

func printRoutes(w io.Writer) {
	for fib := range net.Fibs() {
		if net.Fibs() > 1 {
			fmt.Fprintf(w, "fib %d:\n", fib)
		}
		t := table(w)
		fmt.Fprintln(t, "Destination\tGateway\tInterface")
		for _, rt := range net.RibOf(fib).Routes() {
			dst := fmt.Sprintf("%v/%d", rt.Dst, rt.Plen)
			if rt.Plen == 0 {
				dst = "default"
			}
			switch {
			case rt.Reject:
				fmt.Fprintf(t, "%s\treject\t\n", dst)
			case rt.Gateway == 0:
				fmt.Fprintf(t, "%s\tdirect\t%s\n", dst, rt.Ifp.Xname)
			default:
				fmt.Fprintf(t, "%s\t%v\t%s\n", dst, rt.Gateway, rt.Ifp.Xname)
			}
		}
		t.Flush()
	}
}

func arp(w io.Writer, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	kern.Lock()
	defer kern.Unlock()
	t := table(w)
	fmt.Fprintln(t, "Address\tEthernet\tInterface\tExpires")
	for _, n := range netinet.Neighbours() {
		lladdr, expire := n.Lladdr.String(), fmt.Sprintf("%d s", int(n.Expire.Seconds()))
		if !n.Valid {
			lladdr = "(incomplete)"
		}
		if n.Static {
			expire = "never"
		}
		fmt.Fprintf(t, "%v\t%s\t%s\t%s\n", n.Addr, lladdr, n.Ifp.Xname, expire)
	}
	return t.Flush()
}
