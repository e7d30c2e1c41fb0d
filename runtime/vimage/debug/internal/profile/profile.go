package profile

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
)

// A Profile is a list of samples.
type Profile struct {
	Types   []string // of a sample's values, as type/unit: cpu/nanoseconds
	Samples []Sample
}

// A Sample is one stack, with what was counted for it.
type Sample struct {
	Stack  []Frame // innermost first
	Values []int64 // one for each of Types
	Labels map[string]string
}

// A Frame is a call. Inlined calls have frames of their own.
type Frame struct {
	Func, File string
	Line       int
}

// largest bounds the size of an uncompressed profile.
const largest = 1 << 30

// Parse reads a profile.
func Parse(data []byte) (*Profile, error) {
	p, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	return p, nil
}

func parse(data []byte) (*Profile, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(z, largest))
	if err != nil {
		return nil, err
	}
	r := raw{locations: map[uint64][]line{}, functions: map[uint64]function{}}
	if err := eachField(text, r.field); err != nil {
		return nil, err
	}
	return r.profile()
}

// raw is a profile as it is encoded: strings are indexes of a table, locations
// and functions are referred to by number.
type raw struct {
	strings   []string
	types     [][2]uint64 // type and unit
	samples   []sample
	locations map[uint64][]line
	functions map[uint64]function
}

type sample struct {
	locations, values []uint64
	labels            [][2]uint64 // key and text
}

type line struct {
	function uint64
	number   int
}

type function struct{ name, file uint64 }

// field takes a field of message Profile.
func (r *raw) field(f field) (err error) {
	switch f.number {
	case 1:
		var v [2]uint64
		err = eachField(f.bytes, numbered(v[:], 1, 2))
		r.types = append(r.types, v)
	case 2:
		err = r.sample(f.bytes)
	case 4:
		err = r.location(f.bytes)
	case 5:
		var v [3]uint64
		err = eachField(f.bytes, numbered(v[:], 1, 2, 4))
		r.functions[v[0]] = function{v[1], v[2]}
	case 6:
		r.strings = append(r.strings, string(f.bytes))
	}
	return err
}

// numbered stores the fields with these numbers.
func numbered(values []uint64, numbers ...int) func(field) error {
	return func(f field) error {
		if i := slices.Index(numbers, f.number); i >= 0 {
			values[i] = f.num
		}
		return nil
	}
}

func (r *raw) sample(message []byte) error {
	var s sample
	err := eachField(message, func(f field) error {
		switch f.number {
		case 1, 2:
			nums, err := f.nums()
			if f.number == 1 {
				s.locations = append(s.locations, nums...)
			} else {
				s.values = append(s.values, nums...)
			}
			return err
		case 3:
			var v [2]uint64
			if err := eachField(f.bytes, numbered(v[:], 1, 2)); err != nil {
				return err
			}
			if v[1] != 0 { // a text
				s.labels = append(s.labels, v)
			}
		}
		return nil
	})
	r.samples = append(r.samples, s)
	return err
}

func (r *raw) location(message []byte) error {
	var id uint64
	var lines []line
	err := eachField(message, func(f field) error {
		switch f.number {
		case 1:
			id = f.num
		case 4:
			var v [2]uint64
			if err := eachField(f.bytes, numbered(v[:], 1, 2)); err != nil {
				return err
			}
			lines = append(lines, line{v[0], int(v[1])})
		}
		return nil
	})
	r.locations[id] = lines
	return err
}

// profile puts texts and frames in the place of their numbers.
func (r *raw) profile() (*Profile, error) {
	var missing error
	text := func(i uint64) string {
		if i >= uint64(len(r.strings)) {
			missing = errors.New("a string is missing")
			return ""
		}
		return r.strings[i]
	}
	p := &Profile{}
	for _, t := range r.types {
		p.Types = append(p.Types, text(t[0])+"/"+text(t[1]))
	}
	frames := map[uint64][]Frame{}
	for id, lines := range r.locations {
		for _, l := range lines {
			fn, ok := r.functions[l.function]
			if !ok {
				return nil, errors.New("a function is missing")
			}
			frames[id] = append(frames[id], Frame{text(fn.name), text(fn.file), l.number})
		}
	}
	for _, s := range r.samples {
		out := Sample{Labels: map[string]string{}}
		for _, id := range s.locations {
			out.Stack = append(out.Stack, frames[id]...)
		}
		for _, v := range s.values {
			out.Values = append(out.Values, int64(v))
		}
		for _, l := range s.labels {
			out.Labels[text(l[0])] = text(l[1])
		}
		p.Samples = append(p.Samples, out)
	}
	if missing != nil {
		return nil, missing
	}
	return p, nil
}
