package alias

import (
	"sync/atomic"
	"unsafe"
)

// shards is how many pairs of counters a module has. Goroutines are spread over
// them by the address of their stacks: it costs less than the number of the P,
// and two that meet in a shard lose time only.
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

// A count has a module's entrances and exits.
type count [shards]shard

// here returns the running goroutine's shard. It may be another one at the next
// call, as stacks move.
func (c *count) here() *shard {
	var local byte
	// Stacks are of 2 kB at least, and of a power of two.
	at := uintptr(unsafe.Pointer(&local)) >> 11
	return &c[(at*0x9e3779b97f4a7c15)>>(64-shardBits)&(shards-1)]
}

func (c *count) exited() (sum uint64) {
	for i := range c {
		sum += c[i].exits.Load()
	}
	return sum
}

func (c *count) entered() (sum uint64) {
	for i := range c {
		sum += c[i].entries.Load()
	}
	return sum
}
