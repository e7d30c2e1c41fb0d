package clock_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/clock"
	_ "github.com/go-vimage/vimage/examples/clock/coarse"
	_ "github.com/go-vimage/vimage/examples/clock/monotonic"
	"github.com/go-vimage/vimage/runtime/alias"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// inImage runs a test in an image of its own.
func inImage(t *testing.T, f func()) {
	t.Helper()
	if err := alias.Available(); err != nil {
		t.Skip(err)
	}
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	im, err := vimage.New(vimage.WithName(t.Name()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := im.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	im.Do(f)
}

// TestParallel has a hundred tests with a time of their own each, at the same
// time.
func TestParallel(t *testing.T) {
	for n := range 100 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			inImage(t, func() {
				now := time.Duration(n)
				alias.Override(t, clock.Now, func() time.Duration { now += time.Duration(n); return now })
				s := clock.Start()
				for i := range 1000 {
					// The function is called as a value too, and by a generic
					// caller.
					read := clock.Now
					read()
					_, late := clock.Late(s, 0, "x")
					if got, want := s.Elapsed(), time.Duration(n*(3*i+3)); got != want || late != (n > 0) {
						t.Fatalf("elapsed %d, want %d, late %v", got, want, late)
					}
				}
			})
		})
	}
}

// TestUndone looks at the slot after an override.
func TestUndone(t *testing.T) {
	inImage(t, func() {
		t.Run("inner", func(t *testing.T) {
			k, err := vimage.New()
			if err != nil {
				t.Fatal(err)
			}
			defer k.Close(t.Context())
			alias.Override(t, clock.Now, func() time.Duration { return 7 })
			alias.Override(t, clock.Now, func() time.Duration { return 8 }) // on top
			if got := clock.Now(); got != 8 {
				t.Errorf("now is %d", got)
			}
			k.Do(func() {
				if got := clock.Now(); got != 0 {
					t.Errorf("in another image now is %d", got)
				}
			})
		})
	})
}

// A failed is a test that notes how it fails.
type failed struct {
	name string
	text string
	ends []func()
}

func (f *failed) Helper()                           {}
func (f *failed) Name() string                      { return f.name }
func (f *failed) Fatalf(format string, args ...any) { f.text += fmt.Sprintf(format, args...) }
func (f *failed) Errorf(format string, args ...any) { f.Fatalf(format, args...) }
func (f *failed) Cleanup(end func())                { f.ends = append(f.ends, end) }

// TestRefused overrides what cannot be.
func TestRefused(t *testing.T) {
	inImage(t, func() {
		one, two, sub := &failed{name: "One"}, &failed{name: "Two"}, &failed{name: "One/sub"}
		alias.Override(one, clock.Now, func() time.Duration { return 1 })
		alias.Override(sub, clock.Now, func() time.Duration { return 2 })
		alias.Override(two, clock.Now, func() time.Duration { return 3 })
		if one.text+sub.text != "" || !strings.Contains(two.text, "One/sub overrides") {
			t.Errorf("%q %q %q", one.text, sub.text, two.text)
		}
		if got := clock.Now(); got != 2 {
			t.Errorf("now is %d", got)
		}
		for _, end := range append(sub.ends, one.ends...) {
			end()
		}
		if got := clock.Now(); got != 0 || one.text+sub.text != "" {
			t.Errorf("now is %d; %q %q", got, one.text, sub.text)
		}
		for _, c := range []struct {
			do   func(alias.TB)
			want string
		}{
			{func(t alias.TB) { alias.Override(t, clock.Counter, clock.Frequency) }, "is the same in all images"},
			{func(t alias.TB) { alias.Override(t, clock.Start, clock.Start) }, "is no slot"},
			{func(t alias.TB) { alias.Override(t, clock.Now, nil) }, "is nil"},
		} {
			var f failed
			c.do(&f)
			if !strings.Contains(f.text, c.want) {
				t.Errorf("%q, want %q", f.text, c.want)
			}
		}
	})
}

// TestSources picks a source as a program does at its start.
func TestSources(t *testing.T) {
	if err := alias.Available(); err != nil {
		t.Skip(err)
	}
	const prefix = "github.com/go-vimage/vimage/examples/clock/"
	if clock.Now() != 0 || clock.Frequency() != 0 {
		t.Error("there is a source")
	}
	if err := alias.Boot(t.Context(), strings.NewReader("# the source\n"+prefix+"coarse\n")); err != nil {
		t.Fatal(err)
	}
	coarse, monotonic := alias.Find(prefix+"coarse"), alias.Find(prefix+"monotonic")
	s := clock.Start()
	for s.Elapsed() == 0 {
		time.Sleep(time.Millisecond)
	}
	if f := clock.Frequency(); f != 100 {
		t.Errorf("frequency %d", f)
	}
	if err := alias.Replace(t.Context(), coarse, monotonic); err != nil {
		t.Fatal(err)
	}
	if f := clock.Frequency(); f != uint64(time.Second) || clock.Now() == 0 {
		t.Errorf("frequency %d", f)
	}
	if err := alias.Unload(t.Context(), monotonic); err != nil {
		t.Fatal(err)
	}
	if clock.Now() != 0 {
		t.Error("the source stays")
	}
}
