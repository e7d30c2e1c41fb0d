package alias

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// A Module has implementations of slots that are loaded and unloaded together.
// It must not be changed after its first [Linker.Load].
type Module struct {
	Name    string
	Layers  []*Layer
	Needs   []*Module // must be loaded before it, and are unloaded after it
	Symbols []Symbol  // the kernel's symbols that it was generated against
	// PerImage reports that its groups are: see [Group].
	PerImage bool

	// Init prepares the module; no caller is inside yet. Catch has the module
	// turn callers away, or wake those who sleep inside; an error is a veto.
	// Fini releases what Init took; no caller is inside any more. An error
	// refuses the unloading, after which Uncatch undoes Catch; the module is
	// loaded then, even if Uncatch fails. Each may be nil.
	Init, Catch, Fini func(context.Context) error
	Uncatch           func(context.Context) error

	state state // guarded by Linker.mu
}

// A Symbol is a name with the signature or type that it has.
type Symbol struct{ Name, ABI string }

// A state is where a module is between its transitions.
type state int

const (
	unloaded state = iota
	loading
	loaded
	unloading
	unlinked // by a Replace that was undone; callers may be inside, and Init is not undone yet
)

func (s state) String() string {
	return [...]string{"not loaded", "being loaded", "loaded", "being unloaded", "unlinked, but not finished"}[s]
}

// An Error says at which step a transition of a module failed. Everything else
// is as it was before.
type Error struct {
	Module string
	Step   Step
	Err    error
	Inside []Caller // who was inside when an unloading gave up
}

func (e *Error) Error() string {
	text := fmt.Sprintf("alias: module %s: %s: %v", e.Module, e.Step, e.Err)
	if n := len(e.Inside); n > 0 {
		text += fmt.Sprintf("; %d inside", n)
		for _, c := range e.Inside {
			text += "\n\n" + c.Stack
		}
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// check reports what in the module's declarations does not fit the groups and
// the kernel's symbols.
func (m *Module) check(symbols map[string]string) error {
	var groups []*Group
	for _, l := range m.Layers {
		g := l.Group
		if g.PerImage != m.PerImage {
			return fmt.Errorf("%s is per image, and the module is not, or the other way round", g.Name)
		}
		if l.module != nil && l.module != m {
			return fmt.Errorf("its layer for %s belongs to %s", g.Name, l.module.Name)
		}
		if slices.Contains(groups, g) {
			return fmt.Errorf("has two layers for %s", g.Name)
		}
		groups = append(groups, g)
		if len(l.ABI) != len(g.Slots) || l.Number == 0 && len(l.Funcs) != len(g.Slots) {
			return fmt.Errorf("overrides %d of the %d slots of %s", max(len(l.ABI), len(l.Funcs)), len(g.Slots), g.Name)
		}
		for i, s := range g.Slots {
			if l.ABI[i] != s.ABI {
				return mismatch(s.Name, s.ABI, l.ABI[i])
			}
		}
	}
	for _, n := range m.Needs {
		if n.PerImage != m.PerImage {
			return fmt.Errorf("it needs %s, and one of the two is per image, and the other is not", n.Name)
		}
	}
	for _, s := range m.Symbols {
		is, ok := symbols[s.Name]
		if !ok {
			return fmt.Errorf("was generated against %s, which is not there", s.Name)
		}
		if is != s.ABI {
			return mismatch(s.Name, is, s.ABI)
		}
	}
	return nil
}

func mismatch(name, is, was string) error {
	return fmt.Errorf("%s is %s, but the module was generated against %s", name, is, was)
}

// call runs one of the module's functions, on a goroutine of its own so that a
// panic or runtime.Goexit in it is an error.
func (m *Module) call(ctx context.Context, f func(context.Context) error) error {
	if f == nil {
		return nil
	}
	err := errors.New("it called runtime.Goexit")
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v", r)
			}
		}()
		err = f(ctx)
	}()
	<-done
	return err
}

// errNil is the error for a nil module, which Find returns for an unknown name.
func errNil() error {
	return &Error{
		Module: "<nil>", Step: StepCheck,
		Err: errors.New("there is no module: Find returns nil for a name that is not linked in"),
	}
}
