// Package a is a module of the soak: the digit 1.
package a

import (
	"context"

	"github.com/go-vimage/vimage/internal/aliassoak/kernel"
	"github.com/go-vimage/vimage/internal/aliassoak/watch"
)

// Self is the module.
var Self watch.Module

//vimage:refine kernel.Chain
func chain(n uint64) int {
	Self.Inside()
	watch.Do(n)
	below := super(n >> 1)
	Self.Inside()
	return 4*below + 1
}

//vimage:super kernel.Chain
func super(n uint64) int { return kernel.Chain(n) }

//vimage:module init
func start(context.Context) error { return Self.Init() }

//vimage:module fini
func stop(context.Context) error { return Self.Fini() }
