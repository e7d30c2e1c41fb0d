package main

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"time"

	"github.com/go-vimage/vimage/runtime/vdso"
	"github.com/go-vimage/vimage/runtime/vdso/page"
	"github.com/go-vimage/vimage/runtime/vdso/self"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// A subject is what is measured: run does it n times.
type subject struct {
	name string
	run  func(n int)
}

// once returns ns for one, over about 20 ms.
func (s subject) once() float64 {
	n := 1000
	for {
		began := time.Now()
		s.run(n)
		d := time.Since(began)
		if d >= 20*time.Millisecond {
			return float64(d) / float64(n)
		}
		n = max(n*2, int(float64(n)*float64(25*time.Millisecond)/float64(max(d, 1))))
	}
}

// subjects hold what the measurements read.
type subjects struct {
	global uint64
	sink   uint64
	pub    *page.Publisher
	word   page.Word
	pair   page.Pair
	clocks []ownClock // of images; nil in a build without images
}

// An ownClock is an image with a clock of its own, or without.
type ownClock struct {
	name  string // "" for none
	image *vimage.Image
}

func newClocks() (out []ownClock, err error) {
	for _, c := range []struct {
		name string
		opts []vimage.Option
	}{
		{"", nil},
		{"a day ahead", []vimage.Option{vimage.WithClock(24*time.Hour, 1)}},
		{"at double speed", []vimage.Option{vimage.WithClock(0, 2)}},
		{"at 1.001 of the speed", []vimage.Option{vimage.WithClock(0, 1.001)}},
	} {
		im, err := vimage.New(c.opts...)
		if err != nil {
			return nil, err
		}
		out = append(out, ownClock{c.name, im})
	}
	return out, nil
}

func (c ownClock) subject() string {
	if c.name == "" {
		return "vdso.Monotonic, no own clock"
	}
	return "vdso.Monotonic, " + c.name
}

func vars() []page.Var {
	return []page.Var{{Name: "A", Type: "uint64", Version: "1.0"}, {Name: "B", Type: "uint64", Version: "1.0"}}
}

// put publishes n and its complement.
func put(n uint64) func([]byte) {
	return func(b []byte) {
		binary.NativeEndian.PutUint64(b, n)
		binary.NativeEndian.PutUint64(b[8:], ^n)
	}
}

func newSubjects() (*subjects, error) {
	s := &subjects{global: 1}
	var err error
	schema := page.Schema{Name: "bench", Version: "1.0", Vars: vars()}
	if s.pub, err = page.Local(schema, put(1)); err != nil {
		return nil, err
	}
	r := s.pub.Reader()
	v := vars()
	r.Word(&s.word, v[0])
	r.Pair(&s.pair, v[0], v[1])
	if err := r.Start(); err != nil {
		return nil, err
	}
	vdso.Monotonic()
	for end := time.Now().Add(5 * time.Second); vdso.Why() != ""; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return nil, fmt.Errorf("the clock does not go by the counter: %s", vdso.Why())
		}
	}
	if vimage.Available() == nil {
		if s.clocks, err = newClocks(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *subjects) list() []subject {
	began := time.Now()
	list := []subject{
		{"global", func(n int) {
			for range n {
				s.sink += s.global
			}
		}},
		{"page word", func(n int) {
			for range n {
				v, _ := s.word.Load()
				s.sink += v
			}
		}},
		{"page pair", func(n int) {
			for range n {
				a, b, ok := s.pair.Try() // as generated code does
				if !ok {
					a, b, _ = s.pair.Again()
				}
				s.sink += a + b
			}
		}},
		{"self.Pid", func(n int) {
			for range n {
				s.sink += uint64(self.Pid())
			}
		}},
		{"getpid", func(n int) {
			for range n {
				s.sink += uint64(syscall.Getpid())
			}
		}},
		{"vdso.Monotonic", func(n int) {
			for range n {
				s.sink += uint64(vdso.Monotonic())
			}
		}},
		{"time.Since", func(n int) {
			for range n {
				s.sink += uint64(time.Since(began))
			}
		}},
		{"vdso.Now", func(n int) {
			for range n {
				s.sink += uint64(vdso.Now().Nanosecond())
			}
		}},
		{"time.Now", func(n int) {
			for range n {
				s.sink += uint64(time.Now().Nanosecond())
			}
		}},
		{"vdso.NowCoarse", func(n int) {
			for range n {
				s.sink += uint64(vdso.NowCoarse().Nanosecond())
			}
		}},
	}
	for _, c := range s.clocks {
		list = append(list, subject{c.subject(), func(n int) {
			c.image.Do(func() {
				for range n {
					s.sink += uint64(vdso.Monotonic())
				}
			})
		}})
	}
	return list
}
