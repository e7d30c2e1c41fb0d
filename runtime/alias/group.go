package alias

import (
	"slices"
	"sync/atomic"
)

// A Slot is a function that modules may override: a weak alias.
type Slot struct {
	Name     string // the function's, with its import path
	ABI      string // its signature, spelled with import paths
	Dispatch string // the linker's symbol of the generated function that calls layers
}

// A Group has slots that change at once: a module overrides all of them or
// none. Generated code declares groups as package-level variables. Under VIMAGE
// that of a slot which is declared per=image is virtual.
type Group struct {
	Name  string
	Slots []Slot
	// PerImage reports that each image has its own stack. The group, the layers
	// on it and their modules are then virtual variables.
	PerImage bool
	// Top refers to the topmost layer.
	Top Link

	stack []place // the lowest first; guarded by Linker.mu
	funcs []any   // by slot, the function that dispatches; see RegisterGroup
}

// A place is one in a stack. It has one layer; while a module replaces another,
// that one's too. A link refers to one of them at most.
type place []*Layer

// A Layer is a module's implementation of a group's slots. It is declared once
// for a module and a group, and is the same after a roll-back, so that who is
// inside always has a valid super link.
type Layer struct {
	Group  *Group
	Number int      // its case in the generated switch; 0 stands for Funcs
	Funcs  []any    // by slot, the functions of a module that came in a plugin
	ABI    []string // by slot, the signature that the module was generated against
	Symbol []string // by slot, the linker's symbol of the function
	// Super refers to the layer that this one covers.
	Super Link

	module *Module // set before a link refers to the layer for the first time
	count  *count  // made by the first Load, so that a module that no image loads has none
	hook   *hook
	out    bool // it is in its group's stack to keep its place; no link refers to it. Guarded by Linker.mu
}

// A Link is what a call goes by: it refers to a layer, or to the stub.
type Link struct {
	to   atomic.Pointer[Layer]
	hook *hook
}

// Stub reports whether a call would run the stub. It is small enough to be
// inlined, so that a stub costs one load.
func (k *Link) Stub() bool { return k.to.Load() == nil }

// Entered is a call inside of a layer. Its Layer is nil if the call is one of
// the stub.
type Entered struct {
	*Layer
	shard *shard
}

// Read returns the layer that the link refers to, nil for the stub.
func (k *Link) Read() *Layer {
	l := k.to.Load()
	if stepping {
		k.hook.at(StepRead, l)
	}
	return l
}

// Try counts the caller into a layer that Read returned, which is not nil. If
// the link refers to another one meanwhile, it counts the caller out again and
// returns false. Else the caller calls [Entered.Leave] by defer. The compiler
// inlines Try, in which stepping is a constant.
func (k *Link) Try(l *Layer) (in Entered, ok bool) {
	in = Entered{l, l.count.here()}
	in.shard.entries.Add(1)
	if stepping {
		k.hook.at(StepEnter, l)
	}
	if k.to.Load() == l {
		if stepping {
			k.hook.at(StepReread, l)
		}
		return in, true
	}
	in.Leave()
	return in, false
}

// Enter counts the caller into the layer that the link refers to, as often as
// Try fails. Of the stub nothing is counted; of a layer, the caller calls
// [Entered.Leave] by defer.
func (k *Link) Enter() Entered {
	for {
		l := k.Read()
		if l == nil {
			return Entered{}
		}
		if in, ok := k.Try(l); ok {
			return in
		}
	}
}

// Leave counts the caller out.
func (in Entered) Leave() {
	in.shard.exits.Add(1)
	if stepping {
		in.hook.at(StepLeave, in.Layer)
	}
}

// set makes a link refer to a layer; nil stands for the stub.
func (k *Link) set(l *Layer) {
	if k.to.Load() != l {
		k.to.Store(l)
		k.hook.at(StepStore, l)
	}
}

// relink makes the group's links follow its stack, the lowest first: a layer is
// reached only when its own super link is right. Layers that are out cover what
// they would if they were not.
func (g *Group) relink() {
	var below *Layer
	for _, p := range g.stack {
		for _, l := range p {
			l.Super.set(below)
		}
		if l := p.linked(); l != nil {
			below = l
		}
	}
	g.Top.set(below)
}

// linked returns the layer to which a link refers, nil if there is none.
func (p place) linked() *Layer {
	for _, l := range p {
		if !l.out {
			return l
		}
	}
	return nil
}

// remove drops a layer, with its place if there is no other in it.
func (g *Group) remove(l *Layer) {
	for i, p := range g.stack {
		g.stack[i] = slices.DeleteFunc(p, func(x *Layer) bool { return x == l })
	}
	g.stack = slices.DeleteFunc(g.stack, func(p place) bool { return len(p) == 0 })
}
