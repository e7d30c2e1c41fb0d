//go:build !vimage

// Package limit keeps its limit in a package-level variable, as many libraries
// do.
package limit

// Max is how many may enter.
var Max = 2

// Enter reports whether one more may enter after n.
func Enter(n int) bool { return n < Max }
