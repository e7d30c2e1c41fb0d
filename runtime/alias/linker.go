package alias

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// A Linker loads and unloads modules. The zero value is ready for use. It must
// not be copied after its first use.
type Linker struct {
	mu      sync.Mutex
	modules []*Module // in load order: all that are not unloaded
	known   []*Module // those that are linked into the program; see Register
	groups  []*Group  // likewise
	exports [][]Symbol
	trace   trace
	hook    *hook
}

// Export tells the linker the signatures and types of symbols of the kernel,
// which modules may have been generated against. It keeps the slice, which must
// not be changed: the linkers of all images share one.
func (k *Linker) Export(symbols ...Symbol) {
	k.mu.Lock()
	defer k.mu.Unlock()
	same := func(list []Symbol) bool { return slices.Equal(list, symbols) }
	if !slices.ContainsFunc(k.exports, same) { // init functions run again in each image
		k.exports = append(k.exports, symbols)
	}
}

// symbols returns what was exported, by name. The caller holds the lock.
func (k *Linker) symbols() map[string]string {
	abis := map[string]string{}
	for _, list := range k.exports {
		for _, s := range list {
			abis[s.Name] = s.ABI
		}
	}
	return abis
}

// Modules returns the loaded modules in load order.
func (k *Linker) Modules() []*Module {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(k.modules), func(m *Module) bool { return m.state != loaded })
}

// Stack returns the modules whose layers stand on a group, the topmost first.
func (k *Linker) Stack(g *Group) []*Module {
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []*Module
	for _, p := range slices.Backward(g.stack) {
		if l := p.linked(); l != nil {
			out = append(out, l.module)
		}
	}
	return out
}

// Load loads a module: all of its layers, on top of those that are there, or
// none. The error is an [*Error].
func (k *Linker) Load(ctx context.Context, m *Module) error {
	if m == nil {
		return errNil()
	}
	if err := k.begin(ctx, m, unloaded, loading, func() error { return k.mayLoad(m, nil) }); err != nil {
		return &Error{Module: m.Name, Step: StepCheck, Err: err}
	}
	if err := k.prepare(ctx, m); err != nil {
		k.forget(m)
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range m.Layers {
		l.Group.stack = append(l.Group.stack, place{l})
	}
	k.link(m, StepLink, false)
	m.state = loaded
	k.at(m, StepDone)
	return nil
}

// begin takes a module from one state to another, if may allows it.
func (k *Linker) begin(ctx context.Context, m *Module, from, to state, may func() error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if m.state != from {
		return fmt.Errorf("it is %v", m.state)
	}
	if err := may(); err != nil {
		return err
	}
	if from == unloaded {
		k.modules = append(k.modules, m)
	}
	m.state = to
	k.at(m, StepCheck)
	return nil
}

// mayLoad reports why a module cannot be loaded; instead is one that it would
// replace. The caller holds the lock.
func (k *Linker) mayLoad(m, instead *Module) error {
	if err := m.check(k.symbols()); err != nil {
		return err
	}
	for _, n := range m.Needs {
		if n == instead {
			return fmt.Errorf("it needs %s, which it would replace", n.Name)
		}
		if n.state != loaded {
			if slices.Contains(n.reaches(nil), m) {
				return fmt.Errorf("it needs %s, which needs it", n.Name)
			}
			return fmt.Errorf("it needs %s, which is %v", n.Name, n.state)
		}
	}
	for _, l := range m.Layers {
		if l.module == nil { // else callers may read them
			l.module, l.count = m, new(count)
			if k.hook != nil {
				l.hook, l.Super.hook, l.Group.Top.hook = k.hook, k.hook, k.hook
			}
		}
	}
	return nil
}

// reaches appends what a module needs, and what that needs.
func (m *Module) reaches(seen []*Module) []*Module {
	for _, n := range m.Needs {
		if !slices.Contains(seen, n) {
			seen = n.reaches(append(seen, n))
		}
	}
	return seen
}

// prepare calls the module's Init.
func (k *Linker) prepare(ctx context.Context, m *Module) error {
	if err := m.call(ctx, m.Init); err != nil {
		return &Error{Module: m.Name, Step: StepInit, Err: err}
	}
	k.at(m, StepInit)
	return nil
}

// link puts a module's layers in or out, and makes the links follow. The caller
// holds the lock.
func (k *Linker) link(m *Module, step Step, out bool) {
	for _, l := range m.Layers {
		l.out = out
		l.Group.relink()
	}
	k.linked(m, step)
}

// forget drops a module that is linked nowhere.
func (k *Linker) forget(m *Module) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range m.Layers {
		l.Group.remove(l)
		l.Super.set(nil)
		l.out = false
	}
	k.modules = slices.DeleteFunc(k.modules, func(x *Module) bool { return x == m })
	m.state = unloaded
	k.at(m, StepDone)
}

// mayUnload reports why a module cannot be taken away. The caller holds the
// lock.
func (k *Linker) mayUnload(m *Module) error {
	for _, other := range k.modules {
		if other != m && slices.Contains(other.Needs, m) {
			return fmt.Errorf("%s needs it", other.Name)
		}
	}
	if m.holdsCaller() {
		return errors.New("the call comes from inside of it")
	}
	return nil
}
