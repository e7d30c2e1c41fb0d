// Command dns registers handlers with the default mux, a private type and a
// source of message identifiers.
package main

import (
	"fmt"
	"net"

	"github.com/miekg/dns"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

// recorder keeps the answer.
type recorder struct {
	dns.ResponseWriter
	msg *dns.Msg
}

func (r *recorder) WriteMsg(m *dns.Msg) error { r.msg = m; return nil }

func (r *recorder) RemoteAddr() net.Addr { return &net.UDPAddr{} }

func refuse(w dns.ResponseWriter, q *dns.Msg) {
	if err := w.WriteMsg(new(dns.Msg).SetRcode(q, dns.RcodeNotAuth)); err != nil {
		panic(err)
	}
}

type private struct{}

func (private) String() string { return "" }

func (private) Parse([]string) error { return nil }

func (private) Pack([]byte) (int, error) { return 0, nil }

func (private) Unpack([]byte) (int, error) { return 0, nil }

func (private) Copy(dns.PrivateRdata) error { return nil }

func (private) Len() int { return 0 }

func main() {
	turn.Play(func() {
		dns.HandleFunc("example.org.", refuse)
		dns.PrivateHandle("VIMAGE", 0xff11, func() dns.PrivateRdata { return private{} })
		dns.Id = func() uint16 { return 42 }
	}, func() string {
		q := new(dns.Msg).SetQuestion("www.example.org.", dns.TypeA)
		var r recorder
		dns.DefaultServeMux.ServeDNS(&r, q)
		_, known := dns.StringToType["VIMAGE"]
		return fmt.Sprint(dns.RcodeToString[r.msg.Rcode], known, q.Id == 42)
	})
}
