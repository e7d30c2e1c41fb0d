// Package kern is what the protocols need of a kernel: packets ([Mbuf]), timers
// ([Callout]), input queues ([Netisr], [Ifqueue]), sleep and wakeup ([Waitq]), the
// lock of the stack ([Giant]), and sockets above the protocols ([Socket]).
//
// It is written for one machine: there is one lock, one clock and one heap of
// timers. At rest it has no goroutine: one exists while callouts are pending, and
// one for each queue while packets are in it.
//
// # Order of locks
//
// Giant comes first. An Ifqueue's lock is a leaf, which is why a driver may put
// packets into another stack's queue while it holds its own Giant.
package kern

//go:generate go tool vimagegen generate
