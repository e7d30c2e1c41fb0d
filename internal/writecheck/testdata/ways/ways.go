// Program ways writes to each variable whose name does not begin with "never", each in its own way.
package main

import (
	"errors"
	"maps"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

type node struct {
	next *node
	n    int
	tags []string
}

type setter interface{ set(int) }

func (x *node) set(n int) { x.n = n }

var (
	direct     int
	same       = 5
	field      node
	element    [4]byte
	alias      = new(int)
	deep       = &node{next: &node{next: &node{}}}
	inArray    = [2]*node{{}, {}}
	whole      = &node{tags: []string{"a"}}
	swapped    = []string{"a", "b"}
	ranged     int
	iface      any    = &node{}
	method     setter = &node{}
	inserted          = map[string]struct{}{}
	inserted32        = map[uint32]struct{}{}
	inserted64        = map[uint64]struct{}{}
	insertedP         = map[*int]struct{}{}
	insertedF         = map[float64]struct{}{}
	assigned          = map[string]int{"a": 1}
	deleted           = map[string]int{"a": 1}
	deleted32         = map[int32]int{1: 1}
	deletedF          = map[float64]int{1: 1}
	emptied           = map[string]int{"a": 1}
	copied            = maps.Clone(map[string]int{"a": 1})
	inMap             = map[string]*node{"a": {}}
	appended          = make([]int, 0, 8)
	appendedP         = make([]*node, 0, 8)
	filled            = make([]byte, 4)
	filledP           = make([]*node, 4)
	cleared           = []string{"a"}
	added      atomic.Int64
	old        uint32
	exchanged  atomic.Uintptr
	pointed    atomic.Pointer[node]
	value      atomic.Value
	masked     atomic.Uint32
	counting   = counter()
	bound      = (&node{}).set
	sent       = make(chan int, 1)
	received   = full()
	closed     = make(chan int)
	selected   = make(chan *node, 1)
	reflected  int
	reflectedP *node
	reflectedM = map[string]int{}
	reflectedA = make([]int, 0, 4)
	reflectedS = []int{2, 1}
	sorted     = []int{3, 1, 2}
	hidden     int
	assembled  int64
	read       = make([]byte, 4)
	started    int
	mutex      sync.Mutex
	once       sync.Once
	synced     sync.Map
	pool       sync.Pool
	built      strings.Builder
	restored   = 1
	onExit     int
	norace     int

	neverInt     = 1
	neverText    = "text"
	neverErr     = errors.New("text")
	neverRegexp  = regexp.MustCompile("a(b*)c")
	neverMap     = map[string][]int{"a": {1}}
	neverMapF    = map[float64]int{1: 1}
	neverSlice   = []*node{{n: 1}, {n: 2}}
	neverCapped  = slices.Clip([]int{1, 2})
	neverChan    = full()
	neverFunc    = adder(2)
	neverAtomic  atomic.Int64
	neverBig     = make([]byte, 1<<20)
	neverSwapped uint32
	neverSized   = new([0]int)
	unsized      = new([0]string)
)

func counter() func() int {
	n := 0
	return func() int { n++; return n }
}

func adder(n int) func(int) int { return func(m int) int { return n + m } }

func full() chan int {
	c := make(chan int, 2)
	c <- 1
	c <- 2
	return c
}

// assemble is in assembly.
func assemble()

func main() {
	direct = 1
	same = 5
	field.n = 1
	element[len(os.Args)]++
	*alias = 1
	deep.next.next.n = 1
	inArray[1].n = 1
	*whole = node{tags: []string{"b"}}
	swapped[0], swapped[1] = swapped[1], swapped[0]
	for ranged = range 2 {
	}
	iface.(*node).n = 1
	method.set(1)
	maps1()
	slices1()
	atomics()
	counting()
	bound(1)
	channels()
	reflection()
	sort.Slice(reflectedS, func(i, j int) bool { return reflectedS[i] < reflectedS[j] })
	slices.Sort(sorted)
	*(*byte)(unsafe.Add(unsafe.Pointer(&hidden), 1)) = 1
	assemble()
	unseen()
	pipe()
	done := make(chan bool)
	go func() { started = 1; close(done) }()
	<-done
	mutex.Lock()
	mutex.Unlock()
	once.Do(func() {})
	synced.Store(1, 2)
	pool.Put(new(int))
	built.WriteString("a")
	restored = 2
	restored = 1
	*(*byte)(unsafe.Pointer(unsized)) = 1 // behind nothing
	unsized = nil
	reads()
	defer os.Exit(0)
	onExit = 1
}

func maps1() {
	inserted["a"] = struct{}{}
	inserted32[1] = struct{}{}
	inserted64[1] = struct{}{}
	insertedP[nil] = struct{}{}
	insertedF[1] = struct{}{}
	assigned["a"] = 1
	delete(deleted, "none")
	delete(deleted32, 7)
	delete(deletedF, 7)
	clear(emptied)
	maps.Copy(copied, map[string]int{"b": 2})
	inMap["a"].n = 1
}

func slices1() {
	_ = append(appended, 1)
	_ = append(appendedP, &node{})
	copy(filled, "text")
	copy(filledP, neverSlice)
	clear(cleared)
}

func atomics() {
	added.Add(1)
	atomic.CompareAndSwapUint32(&old, 0, 1)
	atomic.CompareAndSwapUint32(&neverSwapped, 1, 2)
	exchanged.Swap(1)
	pointed.Store(&node{})
	value.Store(1)
	masked.Or(1)
	neverAtomic.Load()
}

func channels() {
	sent <- 1
	<-received
	close(closed)
	select {
	case selected <- nil:
	default:
	}
	select { // full: nothing is sent
	case neverChan <- 1:
	default:
	}
}

func reflection() {
	reflect.ValueOf(&reflected).Elem().SetInt(1)
	reflect.ValueOf(&reflectedP).Elem().Set(reflect.ValueOf(&node{}))
	reflect.ValueOf(reflectedM).SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf(1))
	reflect.Append(reflect.ValueOf(reflectedA), reflect.ValueOf(1))
}

// unseen is not instrumented.
//
//go:noinline
//go:norace
func unseen() { norace = 1 }

// pipe lets the kernel write.
func pipe() {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	w.Write([]byte("text"))
	r.Read(read)
}

// reads writes to none, while memory is taken and given back.
func reads() {
	n := neverInt + len(neverText) + len(neverErr.Error()) + neverCapped[0] + neverFunc(3) + len(neverChan)
	for range 20 {
		neverRegexp.FindStringSubmatch("xxabbbc")
		for _, v := range neverMap {
			n += v[0] + neverMap["a"][0]
		}
		for range neverMapF {
		}
		for _, x := range neverSlice {
			n += x.n
		}
		_ = append(neverCapped, n)
		garbage := make([]*node, 1000)
		for i := range garbage {
			garbage[i] = &node{n: i}
		}
		runtime.GC()
		n += int(neverBig[n&1])
	}
}
