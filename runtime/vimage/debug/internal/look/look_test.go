package look_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/pcpu"
	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/look"
)

type list struct {
	Next  *list
	Value any
}

type shouting string

func (shouting) String() string { panic("a method was called") }

type everything struct {
	b     bool
	i     int8
	d     time.Duration
	f     float32
	s     shouting
	long  string
	bytes []byte
	ints  []int
	none  []int
	arr   [2]uint16
	m     map[string]*int
	p     *int
	q     **int
	e     error
	any   any
	list  *list
	fn    func()
	ch    chan int
	mu    sync.Mutex
	n     atomic.Int32
	on    atomic.Bool
	held  atomic.Value
	empty atomic.Value
	aptr  atomic.Pointer[list]
	anil  atomic.Pointer[list]
	when  time.Time
	count pcpu.Counter
	stats pcpu.Stats[struct{ In, Out uint64 }]
}

func full() *everything {
	one := 1
	pone := &one
	l := &list{Value: list{Value: 3}}
	l.Next = l
	v := &everything{
		true, -1, time.Minute, 0.5, "a\n", strings.Repeat("x", 30), []byte("ab\x00"),
		[]int{1, 2, 3, 4, 5},
		nil,
		[2]uint16{7, 8},
		map[string]*int{"b": nil, "a": &one},
		&one, &pone, fmt.Errorf("wrong"), shouting("x"), l, nil, make(chan int, 3),
		sync.Mutex{},
		atomic.Int32{},
		atomic.Bool{},
		atomic.Value{},
		atomic.Value{},
		atomic.Pointer[list]{},
		atomic.Pointer[list]{},
		time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		pcpu.Counter{},
		pcpu.Stats[struct{ In, Out uint64 }]{},
	}
	v.ch <- 1
	v.n.Store(9)
	v.on.Store(true)
	v.held.Store([]int{4})
	v.aptr.Store(&list{Value: "in"})
	v.count.Add(4)
	pcpu.Add(&v.stats.Here().Out, 6)
	return v
}

func read(v *everything, limits look.Limits) *look.Node {
	return look.Variable("v", reflect.TypeFor[everything](), unsafe.Pointer(v), limits)
}

var limits = look.Limits{Depth: 6, Children: 30, Nodes: 200, Text: 20, Maps: look.Snapshot}

func show(b *strings.Builder, n *look.Node, indent string) {
	fmt.Fprintf(b, "%s%s %s", indent, n.Name, n.Text)
	if n.More > 0 {
		fmt.Fprintf(b, " +%d", n.More)
	}
	b.WriteString("\n")
	for _, c := range n.Children {
		show(b, c, indent+" ")
	}
}

func TestVariable(t *testing.T) {
	var b strings.Builder
	show(&b, read(full(), limits), "")
	const want = `v 
 .b true
 .i -1
 .d 1m0s
 .f 0.5
 .s "a\n"
 .long "xxxxxxxxxxxxxxxxxxxx"... 30 bytes
 .bytes 3 bytes "ab\x00"
 .ints 5 elements
  [0] 1
  [1] 2
  [2] 3
  [3] 4
  [4] 5
 .none nil
 .arr 2 elements
  [0] 7
  [1] 8
 .m 2 entries
  ["a"] &1
  ["b"] nil
 .p &1
 .q &&1
 .e &errorString
  .s "wrong"
 .any "x"
 .list &list
  .Next &(see above)
  .Value 
   .Next nil
   .Value 3
 .fn nil
 .ch 1 of 3
 .mu 
 .n 9
 .on true
 .held 1 element
  [0] 4
 .empty nil
 .aptr &list
  .Next nil
  .Value "in"
 .anil nil
 .when 2026-01-02T03:04:05Z
 .count 4
 .stats 
  .In 0
  .Out 6
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

func TestLimits(t *testing.T) {
	for want, l := range map[string]look.Limits{
		" .ints 5 elements +3\n":    {Depth: 6, Children: 2, Nodes: 200, Text: 20},
		"v  +28\n":                  {Depth: 0, Children: 30, Nodes: 200},
		" .m 2 entries +2\n":        {Depth: 6, Children: 30, Nodes: 200},
		" .q & +1\n":                {Depth: 1, Children: 30, Nodes: 200},
		" .arr 2 elements +2\n":     {Depth: 1, Children: 30, Nodes: 200},
		" .long \"xx\"... 30 bytes": {Depth: 1, Children: 30, Nodes: 200, Text: 2},
	} {
		v := full()
		var b strings.Builder
		if l.Children == 2 {
			show(&b, look.Variable("", reflect.TypeFor[[]int](), unsafe.Pointer(&v.ints), l), " .ints")
			want = " .ints 5 elements +3\n"
		} else {
			show(&b, read(v, l), "")
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("%+v: lacks %q:\n%s", l, want, b.String())
		}
	}
}

func TestDiff(t *testing.T) {
	a, b := full(), full()
	b.i = 5
	b.ints[2] = 9
	b.ints = append(b.ints, 6)
	delete(b.m, "b")
	*b.p = 2
	b.any = 7
	b.list.Next = nil
	b.stats.Here().In++
	var got strings.Builder
	for _, c := range look.Diff(read(a, limits), read(b, limits)) {
		fmt.Fprintf(&got, "%s: %s | %s\n", c.Path, c.A, c.B)
	}
	const want = `.i: -1 | 5
.ints: 5 elements | 6 elements
.ints[2]: 3 | 9
.ints[5]:  | 6
.m: 2 entries | 1 entry
.m["a"]: &1 | &2
.m["b"]: nil | 
.p: &1 | &2
.q: &&1 | &&2
.any: look_test.shouting "x" | int 7
.list.Next: &(see above) | nil
.stats.In: 0 | 1
`
	if got.String() != want {
		t.Errorf("got\n%s", got.String())
	}
	if c := look.Diff(read(a, limits), read(full(), limits)); c != nil {
		t.Errorf("equal values differ: %v", c)
	}
}
