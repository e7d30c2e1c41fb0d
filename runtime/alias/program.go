package alias

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
)

// process has the modules whose slots are the process's.
//
//vimage:shared all images run the same modules
var process Linker //nolint:globals // its lock guards it, and modules are the process's on purpose

// linkerOf returns the linker of a module.
func linkerOf(m *Module) *Linker {
	if m != nil && m.PerImage {
		return image()
	}
	return &process
}

// Load loads a module of the program: all of its layers, on top of those that
// are there, or none. A module whose slots are per image is loaded into the
// current image. The error is an [*Error].
func Load(ctx context.Context, m *Module) error { return linkerOf(m).Load(ctx, m) }

// Unload takes a module away: see [Linker.Unload].
func Unload(ctx context.Context, m *Module) error { return linkerOf(m).Unload(ctx, m) }

// Replace puts one module in the place of another: see [Linker.Replace].
func Replace(ctx context.Context, old, new *Module) error {
	if old != nil && new != nil && old.PerImage != new.PerImage {
		err := fmt.Errorf("one of it and %s is per image, and the other is not", old.Name)
		return &Error{Module: new.Name, Step: StepCheck, Err: err}
	}
	return linkerOf(old).Replace(ctx, old, new)
}

// Modules returns the loaded modules in load order: those of the process, then
// those of the current image.
func Modules() []*Module { return slices.Concat(process.Modules(), image().Modules()) }

// State says where a module is between its transitions: "loaded", "not loaded",
// "being loaded", "being unloaded", or "unlinked, but not finished" after a
// Replace that failed.
func State(m *Module) string {
	k := linkerOf(m)
	k.mu.Lock()
	defer k.mu.Unlock()
	return m.state.String()
}

// Known returns the modules that the program was built with or that came in
// plugins, loaded or not: those of the process, then those of the current
// image, in the order of their packages' initialization.
func Known() []*Module { return slices.Concat(process.knownModules(), image().knownModules()) }

// Find returns the known module with this name, which is the import path of its
// package, or nil. A module of the process comes before one of the image.
func Find(name string) *Module {
	named := func(m *Module) bool { return m.Name == name }
	for _, known := range [][]*Module{process.knownModules(), image().knownModules()} {
		if i := slices.IndexFunc(known, named); i >= 0 {
			return known[i]
		}
	}
	return nil
}

// Available returns nil if slots of this program can be overridden while it
// runs. Otherwise each slot is its stub, and the error says how to build the
// program. A test that loads modules can skip:
//
//	if err := alias.Available(); err != nil {
//		t.Skip(err)
//	}
func Available() error {
	if len(Groups()) > 0 {
		return nil
	}
	return errors.New("alias: slots of this binary are their stubs; " +
		"build it with -loadable of vimagegen build, run or test, or with the files that vimagegen generate wrote")
}

// Groups returns the groups of slots that can be overridden in this program:
// those of the process, then those of the current image.
func Groups() []*Group { return slices.Concat(process.knownGroups(), image().knownGroups()) }

// Layers returns the modules whose layers stand on a group, the topmost first.
func (g *Group) Layers() []*Module {
	if g.PerImage {
		return image().Stack(g)
	}
	return process.Stack(g)
}

// Stack returns the modules that override a slot, the topmost first. The slot
// is given as the function itself. It returns nil for a function that is no
// slot of this build.
func Stack(slot any) []*Module {
	if g, _ := find(slot); g != nil {
		return g.Layers()
	}
	return nil
}

// find returns the group of a slot, and the slot's place in it; nil if the
// function dispatches to no layers.
func find(slot any) (*Group, int) {
	v := reflect.ValueOf(slot)
	if v.Kind() != reflect.Func {
		return nil, 0
	}
	for _, g := range Groups() {
		for i, f := range g.funcs {
			if reflect.ValueOf(f).Pointer() == v.Pointer() {
				return g, i
			}
		}
	}
	return nil, 0
}

// Traces returns the latest steps of the process's transitions and of the
// current image's: see [Linker.Trace].
func Traces() []string { return slices.Concat(process.Trace(), image().Trace()) }

// What follows is for generated code. It has a pair of each function, so that a
// package whose slots and modules are the process's has nothing to repeat in
// every image.

// RegisterGroup makes a group of the process known, with its slots' functions.
//
//nolint:crossing // generated code calls it with variables that are shared
func RegisterGroup(g *Group, slots ...any) { process.registerGroup(g, slots) }

// RegisterImageGroup makes a group of the current image known.
func RegisterImageGroup(g *Group, slots ...any) { image().registerGroup(g, slots) }

// Register makes a module of the process known. It is not loaded by that. The
// functions are those of its layers that have no Number, by layer; a layer's
// declaration cannot have them, because super functions refer to it.
//
//nolint:crossing // generated code calls it with variables that are shared
func Register(m *Module, funcs ...[]any) { process.register(m, funcs) }

// RegisterImage makes a module of the current image known.
func RegisterImage(m *Module, funcs ...[]any) { image().register(m, funcs) }

// Export tells the process's linker the declarations of a kernel package.
func Export(symbols ...Symbol) { process.Export(symbols...) }

// ExportImage tells them the current image's.
func ExportImage(symbols ...Symbol) { image().Export(symbols...) }

func (k *Linker) registerGroup(g *Group, slots []any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !slices.Contains(k.groups, g) { // init functions run again in each image
		g.funcs = slots
		k.groups = append(k.groups, g)
	}
}

func (k *Linker) register(m *Module, funcs [][]any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if slices.Contains(k.known, m) {
		return
	}
	for i, list := range funcs {
		m.Layers[i].Funcs = list
	}
	k.known = append(k.known, m)
	if slices.Contains(strings.Split(os.Getenv("VIMAGEDEBUG"), ","), "alias=1") {
		k.TraceTo(os.Stderr)
	}
}

func (k *Linker) knownModules() []*Module {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.known)
}

func (k *Linker) knownGroups() []*Group {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.groups)
}
