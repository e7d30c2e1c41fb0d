// Package collect makes the garbage collector run seldom while the heap is
// small.
//
// Go's collector starts when the heap has grown by a percentage of what is live
// (GOGC). A plan of a small program keeps 100 MB and allocates much more on the
// way, so that at the usual percentage nearly half of its time is collection.
// [Seldom] sets the percentage by what is live, so that the heap grows by a
// number of bytes instead; a finalizer sets it again after each collection.
package collect

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// Spare suits a command that plans programs.
	Spare = 512 << 20
	// leastPercent is the collector's percentage for large heaps. The plan of a
	// large program keeps gigabytes to the end: twice that would be too much.
	leastPercent = 50
)

// A cycle is garbage from the beginning: its finalizer runs after each
// collection.
type cycle struct{ _ *byte }

// Seldom lets the heap grow by a number of bytes between two collections, and
// by more where much is live. It is for the whole process, until
// [debug.SetGCPercent] is called after the last collection.
func Seldom(spare uint64) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	const least = 4 << 20 // a smaller heap is not collected at 100 percent
	debug.SetGCPercent(max(int(100*spare/max(live[0].Value.Uint64(), least)), leastPercent))
	runtime.SetFinalizer(&cycle{}, func(*cycle) { Seldom(spare) })
}
