package writecheck

import (
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"unsafe"
)

// A Kind is how a write was seen.
type Kind int

// The kinds, in the order of _overlay/watch.go.
const (
	Store    Kind = iota // by a store in compiled code
	Copy                 // by a copy in compiled code
	Map                  // to a map, whether or not it changed
	Channel              // to a channel
	Atomic               // by sync/atomic
	Runtime              // by the runtime, which copies and clears for compiled code, reflect and append
	Compared             // by none of these: memory differs from what it was. No stack is known
)

var kinds = [...]string{"stored", "copied", "map", "channel", "atomic", "runtime", "differs"}

func (k Kind) String() string { return kinds[k] }

// MarshalText writes the kind's name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(kinds[k]), nil }

// UnmarshalText reads the kind's name.
func (k *Kind) UnmarshalText(text []byte) error {
	i := slices.Index(kinds[:], string(text))
	if i < 0 {
		return fmt.Errorf("unknown kind of write %q", text)
	}
	*k = Kind(i)
	return nil
}

// object is a piece of watched memory, at main's start.
type object struct {
	Addr, Size, Sym, Kept uint64
	Kinds, Stacks         uint32
	Diff                  uint64
}

type edge struct{ From, To uint32 }

type hit struct {
	Key       uint64
	Obj, Kind uint32
	Off, N    uint64
	PCs       [depth]uint64
}

// A result is what one process has left.
type result struct {
	objects  []object
	edges    map[uint32][]uint32
	hits     map[uint32][]hit // by object
	compared uint64           // how often memory was compared
	dropped  uint64           // stacks for which there was no place
	ended    bool             // the process came to its end in a way that could be seen
}

func readResult(file string) (*result, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var head [header]uint64
	if err := binary.Read(f, binary.NativeEndian, &head); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if head[0] != magic {
		return nil, fmt.Errorf("%s: the program did not come to its main function", file)
	}
	r := &result{
		objects: make([]object, head[1]), edges: map[uint32][]uint32{}, hits: map[uint32][]hit{},
		compared: head[4], dropped: head[6], ended: head[5] != 0,
	}
	read := func(at uint64, to any) {
		if _, e := f.Seek(int64(at), 0); e != nil {
			err = e
		} else if e := binary.Read(f, binary.NativeEndian, to); e != nil {
			err = e
		}
	}
	at := uint64(unsafe.Sizeof(head))
	read(at, r.objects)
	at += maxObjects * uint64(unsafe.Sizeof(object{}))
	edges := make([]edge, head[2])
	read(at, edges)
	at += maxEdges * uint64(unsafe.Sizeof(edge{}))
	hits := make([]hit, maxHits)
	read(at, hits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, e := range edges {
		r.edges[e.From] = append(r.edges[e.From], e.To)
	}
	for _, h := range hits {
		if h.Key != 0 && h.N > 0 {
			r.hits[h.Obj] = append(r.hits[h.Obj], h)
		}
	}
	return r, nil
}

// reached returns the objects that can be reached from a symbol, nearest first,
// each with the one before it.
func (r *result) reached(sym int) (order []uint32, from map[uint32]uint32) {
	i := slices.IndexFunc(r.objects, func(o object) bool { return o.Sym == uint64(sym)+1 })
	if i < 0 {
		return nil, nil
	}
	from = map[uint32]uint32{uint32(i): uint32(i)}
	order = []uint32{uint32(i)}
	for n := 0; n < len(order); n++ {
		for _, to := range r.edges[order[n]] {
			if _, seen := from[to]; !seen {
				from[to] = order[n]
				order = append(order, to)
			}
		}
	}
	return order, from
}
