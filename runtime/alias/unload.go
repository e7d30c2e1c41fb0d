package alias

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Unload takes a module away when no caller is inside any more. If the module
// refuses, or the context ends before that, everything is as it was, and the
// error, an [*Error], says who was inside.
func (k *Linker) Unload(ctx context.Context, m *Module) error {
	if m == nil {
		return errNil()
	}
	from := loaded
	k.mu.Lock()
	if m.state == unlinked { // a Replace left it so
		from = unlinked
	}
	k.mu.Unlock()
	if err := k.begin(ctx, m, from, unloading, func() error { return k.mayUnload(m) }); err != nil {
		return &Error{Module: m.Name, Step: StepCheck, Err: err}
	}
	if from == unlinked {
		return k.finish(ctx, m, func() error { k.setState(m, unlinked); return nil })
	}
	if err := k.catch(ctx, m); err != nil {
		k.setState(m, loaded)
		return &Error{Module: m.Name, Step: StepCatch, Err: err}
	}
	k.mu.Lock()
	k.link(m, StepRelink, true)
	k.mu.Unlock()
	return k.finish(ctx, m, func() error {
		k.mu.Lock()
		k.link(m, StepRestore, false)
		k.mu.Unlock()
		err := k.uncatch(ctx, m)
		k.setState(m, loaded)
		return err
	})
}

func (k *Linker) catch(ctx context.Context, m *Module) error {
	if err := m.call(ctx, m.Catch); err != nil {
		return err
	}
	k.at(m, StepCatch)
	return nil
}

func (k *Linker) uncatch(ctx context.Context, m *Module) error {
	err := m.call(context.WithoutCancel(ctx), m.Uncatch)
	k.at(m, StepUncatch)
	if err != nil {
		return fmt.Errorf("%s: %w", StepUncatch, err)
	}
	return nil
}

func (k *Linker) setState(m *Module, s state) {
	k.mu.Lock()
	m.state = s
	k.mu.Unlock()
}

// finish waits until no caller is inside of an unlinked module, and has it
// finish. If either fails, restore puts the module back.
func (k *Linker) finish(ctx context.Context, m *Module, restore func() error) error {
	if err := k.drain(ctx, m); err != nil {
		var inside []Caller
		if k.hook == nil {
			inside = m.Inside()
		}
		return &Error{Module: m.Name, Step: StepWait, Err: errors.Join(err, restore()), Inside: inside}
	}
	if err := m.call(ctx, m.Fini); err != nil {
		return &Error{Module: m.Name, Step: StepFini, Err: errors.Join(err, restore())}
	}
	k.at(m, StepFini)
	k.forget(m)
	return nil
}

// drain waits until the entrances equal the exits.
func (k *Linker) drain(ctx context.Context, m *Module) error {
	for pause := time.Microsecond; ; pause = min(2*pause, 5*time.Millisecond) {
		exits := m.exited()
		k.at(m, StepExits)
		entries := m.entered()
		k.at(m, StepEntries)
		if exits == entries {
			return nil
		}
		k.at(m, StepWait)
		if ctx.Err() != nil {
			return fmt.Errorf("%w while %d calls were inside", context.Cause(ctx), entries-exits)
		}
		if k.hook != nil {
			continue // it has waited
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
