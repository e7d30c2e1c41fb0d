package bpf

import (
	"context"
	"errors"

	"github.com/go-vimage/vimage/runtime/alias"
)

const name = "github.com/go-vimage/vimage/examples/netstack/net/bpf"

// Load loads the module, for all stacks of the process. In a plain build there are
// no modules.
func Load(ctx context.Context) error {
	m := alias.Find(name)
	if m == nil {
		return errors.New("bpf: this build has no modules: build it with -tags vimage")
	}
	return alias.Load(ctx, m)
}

// Unload takes the module away, when no packet is in it any more.
func Unload(ctx context.Context) error {
	m := alias.Find(name)
	if m == nil {
		return nil
	}
	return alias.Unload(ctx, m)
}
