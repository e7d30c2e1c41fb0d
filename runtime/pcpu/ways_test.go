package pcpu

import (
	"sync/atomic"
	"testing"
	"unsafe"
)

// The ways of counting by P that were weighed against each other; doc.go has
// the figures. Run them with
//
//	go test -run - -bench Ways -count 7 ./runtime/pcpu
//	vimagegen test -run - -bench Ways -count 7 ./runtime/pcpu
func BenchmarkWays(b *testing.B) {
	var shared struct {
		_ [line]byte
		n atomic.Int64
		_ [line]byte
	}
	var shard [64]struct {
		n int64
		_ [line - 8]byte
	}
	var counter Counter
	var slots Slots[int64]
	ways := []struct {
		name string
		add  func()
	}{
		{"shared", func() { shared.n.Add(1) }},
		{"pinned", func() { // what it counts cannot be read meanwhile
			p := pin()
			shard[p&63].n++
			unpin()
		}},
		{"pinned-atomic", func() {
			p := pin()
			atomic.AddInt64(&shard[p&63].n, 1)
			unpin()
		}},
		{"index-atomic", func() { atomic.AddInt64(&shard[index()&63].n, 1) }},
		{"stack-atomic", func() { // by the address of the goroutine's stack
			var here byte
			atomic.AddInt64(&shard[uint32(uintptr(unsafe.Pointer(&here))>>11)*0x9E3779B9>>26].n, 1)
		}},
		{"counter", func() { counter.Inc() }},
		{"slots", func() { slots.Do(func(n *int64) { *n++ }) }},
	}
	for _, way := range ways {
		b.Run(way.name+"/one", func(b *testing.B) {
			for b.Loop() {
				way.add()
			}
		})
		b.Run(way.name+"/all", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					way.add()
				}
			})
		})
	}
}
