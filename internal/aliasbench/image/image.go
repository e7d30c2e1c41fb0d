// Package image overrides the slot that is per image.
package image

// The slot's package.
import _ "github.com/go-vimage/vimage/internal/aliasbench/kernel"

//vimage:strong github.com/go-vimage/vimage/internal/aliasbench/kernel.PerImage
//go:noinline
func perImage(n int) int { return n + 1 }
