package alias

import (
	"context"
	"errors"
	"slices"
)

// Replace puts one module in the place of another: for each group that both
// override, in one store, so that no call runs what the old one covers between
// them. Layers of the new module for other groups go on top. If the old one
// refuses, or the context ends while callers are inside of it, it takes its
// place again; the new one is then finished too, unless it refuses or has
// callers: then it stays unlinked, and Unload tries again. The error is an
// [*Error] about the module that failed.
func (k *Linker) Replace(ctx context.Context, old, new *Module) error {
	if old == nil || new == nil {
		return errNil()
	}
	if err := k.beginReplace(ctx, old, new); err != nil {
		return err
	}
	if err := k.prepare(ctx, new); err != nil {
		k.forget(new)
		k.setState(old, loaded)
		return err
	}
	if err := k.catch(ctx, old); err != nil {
		k.setState(old, loaded)
		k.drop(ctx, new)
		return &Error{Module: old.Name, Step: StepCatch, Err: err}
	}
	k.exchange(old, new)
	err := k.finish(ctx, old, func() error {
		k.restore(old, new)
		err := k.uncatch(ctx, old)
		k.setState(old, loaded)
		k.drop(ctx, new)
		return err
	})
	if err == nil {
		k.setState(new, loaded)
	}
	return err
}

// beginReplace checks both modules.
func (k *Linker) beginReplace(ctx context.Context, old, new *Module) error {
	err := k.begin(ctx, old, loaded, unloading, func() error {
		if old == new {
			return errors.New("it would replace itself")
		}
		return k.mayUnload(old)
	})
	if err != nil {
		return &Error{Module: old.Name, Step: StepCheck, Err: err}
	}
	err = k.begin(ctx, new, unloaded, loading, func() error { return k.mayLoad(new, old) })
	if err != nil {
		k.setState(old, loaded)
		return &Error{Module: new.Name, Step: StepCheck, Err: err}
	}
	return nil
}

// exchange takes the old module's layers out and puts the new one's in.
func (k *Linker) exchange(old, new *Module) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range old.Layers {
		l.out = true
	}
	for _, l := range new.Layers {
		g := l.Group
		i := slices.IndexFunc(g.stack, func(p place) bool {
			return slices.ContainsFunc(p, func(x *Layer) bool { return x.module == old })
		})
		if i >= 0 {
			g.stack[i] = append(g.stack[i], l)
		} else {
			g.stack = append(g.stack, place{l})
		}
		g.relink()
	}
	for _, l := range old.Layers {
		l.Group.relink()
	}
	// In load order too it has the old one's place.
	k.modules = slices.DeleteFunc(k.modules, func(m *Module) bool { return m == new })
	k.modules = slices.Insert(k.modules, slices.Index(k.modules, old), new)
	k.linked(new, StepLink)
}

// restore undoes exchange.
func (k *Linker) restore(old, new *Module) {
	k.mu.Lock()
	defer k.mu.Unlock()
	layers := slices.Concat(old.Layers, new.Layers)
	for _, l := range layers {
		l.out = l.module == new
	}
	for _, l := range layers {
		l.Group.relink()
	}
	k.linked(old, StepRestore)
}

// drop finishes a module that is linked nowhere after a Replace failed. If it
// refuses, or has callers when the context ends, it stays unlinked.
func (k *Linker) drop(ctx context.Context, m *Module) {
	k.setState(m, unloading)
	// The error of the Replace is the one to return.
	_ = k.finish(ctx, m, func() error { k.setState(m, unlinked); return nil })
}
