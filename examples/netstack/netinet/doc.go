// Package netinet has the protocols above interfaces: ARP, IPv4 with
// fragmentation, reassembly and forwarding, ICMP, UDP, and control blocks
// ([Inpcb]) that match packets to sockets. Package tcp is below it.
//
// All of it needs Giant (package kern).
package netinet

import _ "github.com/go-vimage/vimage/runtime/pcpu" // for //vimage:pcpustat

//go:generate go tool vimagegen sysctl
//go:generate go tool vimagegen generate
