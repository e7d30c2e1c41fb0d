package pcpu

import (
	"reflect"
	"runtime"
	"strconv"
	"sync/atomic"
	"unsafe"
)

// An Integer is a type that can be counted in.
type Integer interface {
	~int | ~int32 | ~int64 | ~uint | ~uint32 | ~uint64 | ~uintptr
}

// Stats are counters: T is an integer, or a struct or an array of integers, and
// each P has a T of its own, padded to cache lines. The zero value has all
// counters at zero. It must not be copied after its first use.
type Stats[T any] struct {
	shards atomic.Pointer[shards]
}

// Here returns the counters to add to, with [Add] and nothing else. Use it at
// once, and do not keep it. It panics if T has a part that is no integer.
func (s *Stats[T]) Here() *T {
	t := s.shards.Load()
	if t == nil {
		t = s.first()
	}
	return (*T)(t.at(index() & t.mask))
}

// first allocates the shards.
func (s *Stats[T]) first() *shards {
	s.shards.CompareAndSwap(nil, newShards(reflect.TypeFor[T]()))
	return s.shards.Load()
}

// Sum returns the sum of what all Ps added. Integers wrap around as they do in
// Go.
func (s *Stats[T]) Sum() T {
	var sum T
	if t := s.shards.Load(); t != nil {
		for i := range t.mask + 1 {
			accumulate(reflect.TypeFor[T](), unsafe.Pointer(&sum), t.at(i))
		}
	}
	return sum
}

// SumAny is Sum for those who do not know T.
func (s *Stats[T]) SumAny() any { return s.Sum() }

// Add adds n, which may be negative, to a counter that [Stats.Here] returned.
func Add[T Integer](p *T, n T) {
	if unsafe.Sizeof(n) == 4 {
		atomic.AddUint32((*uint32)(unsafe.Pointer(p)), uint32(n))
	} else {
		atomic.AddUint64((*uint64)(unsafe.Pointer(p)), uint64(n))
	}
}

// Sub subtracts n from a counter that [Stats.Here] returned.
func Sub[T Integer](p *T, n T) { Add(p, -n) }

// A Counter is one statistics counter. The zero value is zero. It must not be
// copied after its first use.
type Counter struct{ stats Stats[int64] }

// Add adds n, which may be negative.
func (c *Counter) Add(n int64) { Add(c.stats.Here(), n) }

// Inc adds 1.
func (c *Counter) Inc() { Add(c.stats.Here(), 1) }

// Load returns the sum.
func (c *Counter) Load() int64 { return c.stats.Sum() }

// SumAny is Load for those who do not know the type: see [Stats.SumAny].
func (c *Counter) SumAny() any { return c.Load() }

// shards are n values of one type without pointers, each on cache lines of its
// own.
type shards struct {
	base   unsafe.Pointer
	stride uintptr
	mask   int // the number of shards, a power of two, less one
}

func (t *shards) at(i int) unsafe.Pointer { return unsafe.Add(t.base, uintptr(i)*t.stride) }

func newShards(t reflect.Type) *shards {
	if why := unfit(t, 0, t.String()); why != "" {
		panic("pcpu: " + why)
	}
	n := 1
	for n < runtime.GOMAXPROCS(0) {
		n *= 2
	}
	s := &shards{stride: (t.Size() + line - 1) / line * line, mask: n - 1}
	memory := make([]uint64, (uintptr(n)*s.stride+line)/8)
	s.base = unsafe.Pointer(&memory[0])
	s.base = unsafe.Add(s.base, -uintptr(s.base)%line)
	return s
}

// unfit says why a type, at an offset, cannot be counted in, or returns "".
func unfit(t reflect.Type, at uintptr, name string) string {
	switch t.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if at%t.Size() != 0 { // 64 bits on a 32-bit machine
			return name + ": at offset " + strconv.Itoa(int(at)) + ", which atomic additions do not reach"
		}
		return ""
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if why := unfit(f.Type, at+f.Offset, name+"."+f.Name); why != "" {
				return why
			}
		}
		return ""
	case reflect.Array:
		if t.Len() == 0 {
			return ""
		}
		if why := unfit(t.Elem(), at, name+"[]"); why != "" || t.Len() == 1 {
			return why
		}
		return unfit(t.Elem(), at+t.Elem().Size(), name+"[]")
	}
	return name + ": a counter cannot be of type " + t.String() +
		": want int, uint, uintptr, or an integer of 32 or 64 bits"
}

// accumulate adds the integers at from, which others may be adding to, to those
// at sum.
func accumulate(t reflect.Type, sum, from unsafe.Pointer) {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			accumulate(f.Type, unsafe.Add(sum, f.Offset), unsafe.Add(from, f.Offset))
		}
	case reflect.Array:
		for i := range t.Len() {
			off := uintptr(i) * t.Elem().Size()
			accumulate(t.Elem(), unsafe.Add(sum, off), unsafe.Add(from, off))
		}
	default:
		if t.Size() == 4 {
			*(*uint32)(sum) += atomic.LoadUint32((*uint32)(from))
		} else {
			*(*uint64)(sum) += atomic.LoadUint64((*uint64)(from))
		}
	}
}
