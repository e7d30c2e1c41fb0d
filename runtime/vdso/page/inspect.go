package page

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// An Info is what a page says, for people and for tools.
type Info struct {
	Name    string        `json:"name"`
	Version string        `json:"version"`
	State   string        `json:"state"` // live, abandoned, gone or silent
	Pid     uint64        `json:"pid"`
	Created time.Time     `json:"created"`
	Period  time.Duration `json:"period_ns"`
	Beat    time.Duration `json:"beat_ns"` // age of the last sign of life
	Number  uint64        `json:"generation"`
	Values  []Value       `json:"values"` // of one generation, in the order of the layout
}

// A Value is one variable.
type Value struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Version string `json:"version"`
	Value   any    `json:"value"`
}

// Inspect reads the page at a path, whatever its state: also the last values of
// a publisher that died. It returns an error if the file is no page, if its
// owner truncates it meanwhile, or if three tries met a publisher in the middle
// of its stores.
func Inspect(path string) (info *Info, err error) {
	m, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			fault, ok := r.(interface{ Addr() uintptr })
			if !ok {
				panic(r)
			}
			info, err = nil, fmt.Errorf("page %s: its memory is gone (%#x): the file was truncated", path, fault.Addr())
		}
	}()
	return m.info()
}

func (m *memory) info() (*Info, error) {
	info := &Info{
		Name: m.schema.Name, Version: m.schema.Version, State: "live", Pid: m.header("vimage_pid"),
		Created: time.Unix(0, int64(m.header("vimage_created"))),
		Period:  time.Duration(atomic.LoadUint64(m.period)),
		Beat:    time.Duration(monotonic() - int64(atomic.LoadUint64(m.beat))),
	}
	switch id := m.publisher(); {
	case atomic.LoadUint64(m.abandoned) != 0:
		info.State = "abandoned"
	case id.gone(own()):
		info.State = "gone"
	case id.timens == own().timens && info.Beat > info.Period:
		info.State = "silent"
	}
	spans, ring, err := m.spans(m.schema.Vars)
	if err != nil {
		return nil, err
	}
	c := &groupCell{current: m.current, ring: ring, spans: spans, mem: m}
	for _, s := range spans {
		c.words += s.words
	}
	words := make([]uint64, c.words)
	for range tries {
		if n, ok := c.load(words); ok {
			info.Number = n
			info.Values = m.values(words)
			return info, nil
		}
	}
	return nil, errors.New("page: its publisher is in the middle of its stores")
}

// values decodes all variables.
func (m *memory) values(words []uint64) (out []Value) {
	for _, v := range m.schema.Vars {
		t, err := ParseType(v.Type)
		if err != nil {
			continue // checked when the schema was read
		}
		b := Bytes(words[:t.Words()])
		words = words[t.Words():]
		out = append(out, Value{v.Name, v.Type, v.Version, t.decode(b)})
	}
	return out
}

// decode returns a value as a type of Go.
func (t Type) decode(b []byte) any {
	switch {
	case t.Elem == "string":
		return String(b, t.Len)
	case t.Array:
		size := scalar(t.Elem)
		list := make([]any, t.Len)
		for i := range list {
			var word [1]uint64
			copy(Bytes(word[:]), b[i*size:(i+1)*size])
			list[i] = decodeWord(t.Elem, word[0])
		}
		return list
	}
	var word [1]uint64
	copy(Bytes(word[:]), b[:8])
	return decodeWord(t.Elem, word[0])
}

func decodeWord(elem string, w uint64) any {
	switch elem {
	case "bool":
		return Bool(w)
	case "int8":
		return Int8(w)
	case "int16":
		return Int16(w)
	case "int32":
		return Int32(w)
	case "int64":
		return Int64(w)
	case "uint8":
		return Uint8(w)
	case "uint16":
		return Uint16(w)
	case "uint32":
		return Uint32(w)
	case "float32":
		return Float32(w)
	case "float64":
		return Float64(w)
	}
	return w
}
