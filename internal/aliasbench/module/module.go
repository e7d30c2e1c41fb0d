// Package module overrides the process's slot.
package module

// The slot's package.
import _ "github.com/go-vimage/vimage/internal/aliasbench/kernel"

//vimage:strong github.com/go-vimage/vimage/internal/aliasbench/kernel.Slot
//go:noinline
func slot(n int) int { return n + 1 }
