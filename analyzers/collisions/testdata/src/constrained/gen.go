//go:build ignore

package constrained

var handle string
