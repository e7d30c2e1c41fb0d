package vimage

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// A gate counts who is inside, in shards, so that those who come and go at the
// same time seldom meet on one cache line. Entrances and exits are counted
// apart, and only ever grow: read exits first, and if entrances are as many,
// then nobody was inside in between. Who enters announces himself before he
// looks whether the gate is open, and who closes it looks for announcements
// after, so that one of the two sees the other.
type gate struct {
	shards atomic.Pointer[[]shard] // made at the first opening, for good
	isOpen atomic.Bool
}

type shard struct {
	in, out atomic.Uint64
	_       [112]byte // a cache line, and the one that is fetched along with it
}

func (g *gate) open() {
	if g.shards.Load() == nil {
		n := 1
		for n < runtime.GOMAXPROCS(0) && n < 64 {
			n *= 2
		}
		shards := make([]shard, n)
		g.shards.Store(&shards)
	}
	g.isOpen.Store(true)
}

func (g *gate) close() { g.isOpen.Store(false) }

// shard picks one by where the goroutine's stack lies, which costs nothing to
// know. Any would be right.
func (g *gate) shard() *shard {
	shards := g.shards.Load()
	if shards == nil {
		return nil
	}
	var here byte
	h := uint32(uintptr(unsafe.Pointer(&here))>>11) * 0x9E3779B1
	return &(*shards)[int(h>>16)&(len(*shards)-1)]
}

func (g *gate) enter() bool {
	if !g.isOpen.Load() { // those who try again and again must not keep the count from reaching zero
		return false
	}
	s := g.shard()
	s.in.Add(1)
	if !g.isOpen.Load() {
		s.out.Add(1)
		return false
	}
	return true
}

func (g *gate) leave() { g.shard().out.Add(1) }

// empty reports whether nobody was inside at some moment during the call.
func (g *gate) empty() bool { return g.count() == 0 }

// count returns how many were inside at some moment during the call, or a
// little more.
func (g *gate) count() int {
	shards := g.shards.Load()
	if shards == nil {
		return 0
	}
	var in, out uint64
	for i := range *shards {
		out += (*shards)[i].out.Load()
	}
	for i := range *shards {
		in += (*shards)[i].in.Load()
	}
	return int(in - out)
}
