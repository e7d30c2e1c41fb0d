// Package tick declares the page of the example: a counter with its square, and
// the publisher's name.
package tick

//go:generate go tool vimagegen generate

// Tick is published by one process and read by others.
//
//vimage:shared_page example_tick version=1.0
type Tick struct {
	Count  uint64
	Square uint64 // of Count: readers see both of one moment
	Host   string `vdso:"cap=32,fallback=nobody"`
}

func nobody() string { return "nobody" }

// ratio returns Count and Square/Count.
//
//vimage:vdso fallback=noRatio
func ratio(t *Tick) (count, ratio uint64) {
	if t.Count == 0 {
		return 0, 0
	}
	return t.Count, t.Square / t.Count
}

func noRatio() (count, ratio uint64) { return 0, 0 }
