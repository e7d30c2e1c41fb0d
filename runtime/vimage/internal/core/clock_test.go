package core

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

func clockAt(rate float64) *VnetClock {
	return &VnetClock{At: 1000, Offset: -5, Drift: int64((rate - 1) * (1 << 32))}
}

var rates = []float64{0.001, 0.1, 0.5, 0.999999, 1, 1.000001, 2, 10, 1000}

// An image's clock is the system's, scaled, to the nanosecond, for a hundred
// years, and does not run back.
func TestClockDelta(t *testing.T) {
	for _, rate := range rates {
		c := clockAt(rate)
		for range 20_000 {
			d := rand.Int64N(1 << (1 + rand.IntN(51)))
			want := new(big.Int).Mul(big.NewInt(d), big.NewInt(c.Drift))
			want.Rsh(want, 32)
			got := c.Delta(c.At+d) - c.Offset
			if want.Int64() != got {
				t.Fatalf("rate %v, %d: got %d, want %d", rate, d, got, want)
			}
			last := c.At + d + c.Delta(c.At+d)
			if next := c.At + d + 1 + c.Delta(c.At+d+1); next < last {
				t.Fatalf("rate %v, %d: %d after %d", rate, d, next, last)
			}
		}
		if got := c.Delta(0); got != c.Offset {
			t.Errorf("rate %v: before it began the delta is %d", rate, got)
		}
	}
}

// Shift is Delta, wherever a moment is cut in two: before the clock begins, and
// with a second part that is too long for the short way.
func TestClockShift(t *testing.T) {
	for _, rate := range append(rates, 1.5, 0.3) {
		c := clockAt(rate)
		for range 20_000 {
			start, since := rand.Int64N(1<<(1+rand.IntN(51))), rand.Int64N(1<<(1+rand.IntN(40)))
			a, b := c.Shift(start, since)
			if want := start + since + c.Delta(start+since); a+b != want {
				t.Fatalf("rate %v, %d and %d: got %d, want %d", rate, start, since, a+b, want)
			}
		}
	}
}

// A wait takes as long as the image's time asks for, and hardly more.
func TestClockReal(t *testing.T) {
	for _, rate := range rates {
		c := clockAt(rate)
		slack := 5 + int64(2/rate) // of the image's 2 ns
		for range 20_000 {
			d := 1 + rand.Int64N(1<<(1+rand.IntN(47)))
			n := c.Real(d)
			if got := c.Passed(n); got < d {
				t.Fatalf("rate %v: %d takes %d, in which %d pass", rate, d, n, got)
			}
			if more := n / 1_000_000_000; n > slack+more && c.Passed(n-slack-more) >= d {
				t.Fatalf("rate %v: %d takes %d, and %d is enough", rate, d, n, n-slack-more)
			}
		}
		for _, d := range []int64{0, -1} {
			if got := c.Real(d); got != d {
				t.Errorf("rate %v: %d takes %d", rate, d, got)
			}
		}
		if got := c.Real(1<<63 - 1); got < 0 {
			t.Errorf("rate %v: for ever takes %d", rate, got)
		}
	}
}
