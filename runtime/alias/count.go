package alias

import (
	"sync/atomic"
	"unsafe"
)

// shards is how many pairs of counters a layer has that was loaded: 8 kB of
// them. Goroutines are spread over them by the address of their stacks: it
// costs less than the number of the P, and two that meet in a shard lose time
// only.
const (
	shardBits = 6
	shards    = 1 << shardBits
)

// A shard is one pair of counters, on cache lines of its own.
type shard struct {
	entries atomic.Uint64
	exits   atomic.Uint64
	_       [128 - 16]byte
}

// A count has a layer's entrances and exits.
type count [shards]shard

// here returns the running goroutine's shard. It may be another one at the next
// call, as stacks move.
func (c *count) here() *shard {
	var local byte
	// Stacks are of 2 kB at least, and of a power of two.
	at := uintptr(unsafe.Pointer(&local)) >> 11
	return &c[(at*0x9e3779b97f4a7c15)>>(64-shardBits)&(shards-1)]
}

// exited sums the module's exits.
func (m *Module) exited() (sum uint64) {
	for _, l := range m.Layers {
		if l.count == nil { // it was never loaded
			continue
		}
		for i := range l.count {
			sum += l.count[i].exits.Load()
		}
	}
	return sum
}

// entered sums the module's entrances.
func (m *Module) entered() (sum uint64) {
	for _, l := range m.Layers {
		if l.count == nil { // it was never loaded
			continue
		}
		for i := range l.count {
			sum += l.count[i].entries.Load()
		}
	}
	return sum
}
