// Package kernel has the slots that are measured, beside a function that is
// none.
package kernel

// Direct is what a slot is compared with: a function that is not inlined.
//
//go:noinline
func Direct(n int) int { return n + 1 }

// Slot can be overridden by modules of the process.
//
//vimage:weak
//go:noinline
func Slot(n int) int { return n + 1 }

// PerImage can be overridden by modules of the image.
//
//vimage:weak per=image
//go:noinline
func PerImage(n int) int { return n + 1 }
