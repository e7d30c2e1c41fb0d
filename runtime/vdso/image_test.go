package vdso

import (
	"testing"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// images makes images available in this test's binary, which has no generated
// code of its own.
func images(t *testing.T) {
	t.Helper()
	if vimage.Available() != nil {
		vimage.VnetRegister(&vimage.VnetModule{
			Path: t.Name(), New: func() unsafe.Pointer { return unsafe.Pointer(new(int)) },
		})
	}
	if err := vimage.Available(); err != nil {
		t.Fatal(err)
	}
}

func newImage(t *testing.T, opts ...vimage.Option) *vimage.Image {
	t.Helper()
	im, err := vimage.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { im.Close(t.Context()) })
	return im
}

// apart returns the difference between the clocks of two functions.
func apart(a, b func() time.Time) time.Duration {
	before := b()
	mid := a()
	return mid.Sub(before) - b().Sub(before)/2
}

// One image is a day ahead, one runs at double speed, and the others go by the
// common clock.
func TestImageClock(t *testing.T) {
	images(t)
	ready(t)
	day := newImage(t, vimage.WithClock(24*time.Hour, 1))
	fast := newImage(t, vimage.WithClock(0, 2))
	slow := newImage(t, vimage.WithClock(-time.Hour, 0.5))
	child := newImage(t, vimage.WithParent(fast))
	plain := newImage(t)
	for name, c := range map[string]struct {
		im    *vimage.Image
		ahead time.Duration
		rate  float64
	}{
		"day": {day, 24 * time.Hour, 1}, "fast": {fast, 0, 2}, "slow": {slow, -time.Hour, 0.5}, "plain": {plain, 0, 1},
		"child": {child, 0, 2},
	} {
		c.im.Do(func() {
			began, mono := Now(), Monotonic()
			if name == "day" || name == "plain" {
				for what, now := range map[string]func() time.Time{"Now": Now, "NowCoarse": NowCoarse} {
					d := apart(now, time.Now) - c.ahead
					if d < -time.Second || d > time.Millisecond {
						t.Errorf("%s: %s is off by %v", name, what, d)
					}
				}
			}
			before := nanotime()
			time.Sleep(50 * time.Millisecond)
			wall, passed := Now().Sub(began), Monotonic()-mono
			real := time.Duration(nanotime() - before)
			want := time.Duration(float64(real) * c.rate)
			for what, got := range map[string]time.Duration{"Now": wall, "Monotonic": passed} {
				if d := got - want; d < -time.Millisecond || d > 5*time.Millisecond {
					t.Errorf("%s: in %v %s went %v, want %v", name, real, what, got, want)
				}
			}
		})
	}
	if _, err := vimage.New(vimage.WithClock(0, -1)); err == nil {
		t.Error("a clock that runs backwards was accepted")
	}
	last := Monotonic()
	fast.Do(func() {
		for range 1_000_000 {
			now := Monotonic()
			if now < last {
				t.Fatalf("%d after %d", now, last)
			}
			last = now
		}
	})
}

// A wait is by the image's time.
func TestImageSleep(t *testing.T) {
	images(t)
	ready(t)
	fast := newImage(t, vimage.WithClock(0, 10))
	fast.Do(func() {
		for what, wait := range map[string]func(time.Duration){
			"Sleep": Sleep, "After": func(d time.Duration) { <-After(d) },
		} {
			before, mono := nanotime(), Monotonic()
			wait(500 * time.Millisecond)
			passed := Monotonic() - mono
			if real := time.Duration(nanotime() - before); real < 49*time.Millisecond || real > 400*time.Millisecond {
				t.Errorf("%s of 500ms at ten times the speed took %v", what, real)
			}
			if passed < 500*time.Millisecond-10*time.Microsecond {
				t.Errorf("%s of 500ms took %v of the image's time", what, passed)
			}
		}
	})
}
