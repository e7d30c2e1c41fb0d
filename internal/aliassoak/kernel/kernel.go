// Package kernel has the slot that is called.
package kernel

// Chain returns the digits of the layers that a call runs, in base 4, the
// lowest first. The number says what a call shall do inside.
//
//vimage:weak
func Chain(n uint64) int { return 0 }
