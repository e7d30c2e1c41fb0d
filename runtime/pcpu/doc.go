// Package pcpu keeps state by P, the runtime's processor, so that goroutines
// which run in parallel do not meet on a cache line. It is the counterpart of
// FreeBSD's VNET_PCPUSTAT and of its per-CPU variables.
//
//   - [Counter] and [Stats] are statistics: adding is one locked instruction on
//     the P's own cache line, reading sums.
//   - [Slots] hold any value, one for each P, which a function uses while the
//     goroutine is pinned to the P.
//
// Zero values are ready for use. Shards are allocated at the first addition and
// belong to the variable that holds them: where that is virtual they come and
// go with the image.
//
// In source that is built by vimagegen, a plain variable can be made one:
//
//	import _ "github.com/go-vimage/vimage/runtime/pcpu"
//
//	//vimage:pcpustat
//	var ipstat struct{ Received, Dropped uint64 }
//
// There ipstat.Received++, ipstat.Received += n and
// atomic.AddUint64(&ipstat.Received, n) as a statement become additions on the
// P's shard, and every other mention reads the sum. Without vimagegen it is the
// plain variable that it looks like. Types are integers of 32 or 64 bits, int,
// uint, uintptr, and structs and arrays of those. Anything else that is done
// with it (an assignment, &ipstat) is refused, with its place. A read is a
// call: in an expression that also calls a function that counts, where Go
// leaves the order open, it may come before that, as the plain variable's may
// not.
//
// # How the shard is found
//
// In a vimagegen build the number of the P is read from the runtime without
// pinning. A stock toolchain gives it to those who pin the goroutine for the
// moment, through the linkname that is kept open for sync.Pool's imitators. In
// both cases the goroutine may have moved on when it adds, so the addition is a
// locked one: a wrong shard costs time, not a count. Measured with the
// benchmark Ways of this package (Go 1.26, amd64, medians of 7 runs, ns for one
// addition through a function value, which is 1.5 of each figure):
//
//	                                            stock  vimagegen
//	one atomic variable for all                   3.6        3.4   14.7 when two cores add to it
//	pinned, plain addition                        5.1        4.7   cannot be read meanwhile
//	pinned, locked addition                       6.5        5.3
//	number of the P, then a locked addition       7.6        4.2   taken
//	hash of the stack's address, then the same    3.4        2.7   not by P
//
// The hash is quicker, but two goroutines whose stacks meet in it share a line
// for as long as they live. A plain addition gains nothing over a locked one to
// a line that this P owns.
//
// # Concurrency
//
// Additions and sums may meet. A sum is not a snapshot: of additions that run
// meanwhile it has some. Each integer in it is one that never ran backwards, if
// nothing is subtracted. When GOMAXPROCS grows beyond what it was at the first
// addition, the shards are shared.
package pcpu
