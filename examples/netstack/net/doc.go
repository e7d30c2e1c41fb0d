// Package net is the part of the stack below the protocols: interfaces ([Ifnet]),
// Ethernet, the loopback interface, bridges, and routing tables ([Rib]). Package
// epair joins the interfaces of two stacks.
//
// All of it needs Giant (package kern), but for what says otherwise.
package net

import _ "github.com/go-vimage/vimage/runtime/pcpu" // for //vimage:pcpustat

//go:generate go tool vimagegen generate
