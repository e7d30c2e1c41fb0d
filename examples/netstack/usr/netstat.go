package usr

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

func netstat(w io.Writer, args []string) error {
	if len(args) > 1 {
		return errUsage
	}
	what := "-a"
	if len(args) == 1 {
		what = args[0]
	}
	if what == "-s" {
		printCounters(w)
		return nil
	}
	kern.Lock()
	defer kern.Unlock()
	switch what {
	case "-i":
		t := table(w)
		fmt.Fprintln(t, "Name\tMTU\tAddress\tIpkts\tIbytes\tIdrop\tOpkts\tObytes\tOdrop")
		for _, ifp := range net.Interfaces() {
			a := "-"
			if len(ifp.Addrs) > 0 {
				a = fmt.Sprintf("%v/%d", ifp.Addrs[0].Addr, ifp.Addrs[0].Plen)
			}
			d := ifp.Data
			fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n",
				ifp.Xname, ifp.MTU, a, d.Ipackets, d.Ibytes, d.Idrops+d.Ierrors, d.Opackets, d.Obytes, d.Odrops+d.Oerrors)
		}
		return t.Flush()
	case "-r":
		printRoutes(w)
	case "-a":
		t := table(w)
		fmt.Fprintln(t, "Proto\tRecv-Q\tSend-Q\tLocal\tForeign\tState")
		show := func(proto string, inp *netinet.Inpcb, state string) {
			foreign := "*"
			if inp.Fport != 0 {
				foreign = inp.Peeraddr().String()
			}
			fmt.Fprintf(t, "%s\t%d\t%d\t%v\t%s\t%s\n", proto, inp.Socket.Rcv.Len(), inp.Socket.Snd.Len(), inp.Sockaddr(), foreign, state)
		}
		for _, inp := range tcp.Pcbs() {
			show("tcp", inp, tcp.StateOf(inp).String())
		}
		for _, inp := range netinet.UDPPcbs() {
			show("udp", inp, "")
		}
		return t.Flush()
	default:
		return errUsage
	}
	return nil
}

func printCounters(w io.Writer) {
	c := ReadCounters()
	counters(w, "ether", c.Ether)
	counters(w, "arp", c.ARP)
	counters(w, "ip", c.IP)
	counters(w, "icmp", c.ICMP)
	counters(w, "udp", c.UDP)
	counters(w, "tcp", c.TCP)
}

// counters prints the counters of a struct that are not 0, in words.
func counters(w io.Writer, name string, stat any) {
	v := reflect.ValueOf(stat)
	var words []string
	for i := range v.NumField() {
		if n := v.Field(i).Uint(); n != 0 {
			words = append(words, fmt.Sprint(n, " ", spell(v.Type().Field(i).Name)))
		}
	}
	if words != nil {
		fmt.Fprintf(w, "%s: %s\n", name, strings.Join(words, ", "))
	}
}

// spell makes "bad sum" of BadSum.
func spell(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) && !unicode.IsUpper(rune(name[i-1])) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func sysctls(w io.Writer, args []string) error {
	if len(args) == 0 {
		args = []string{""}
	}
	for _, arg := range args {
		if name, value, set := strings.Cut(arg, "="); set {
			if err := sysctl.Set(name, value); err != nil {
				return err
			}
			continue
		}
		list := sysctl.List(arg)
		if len(list) == 0 {
			return fmt.Errorf("%s: no such setting", arg)
		}
		for _, s := range list {
			fmt.Fprintf(w, "%s: %v\n", s.Name, s.Value)
		}
	}
	return nil
}
