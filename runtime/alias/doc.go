// Package alias links optional, replaceable and refinable functions at run time:
// weak aliases with a stub, and strong and refining aliases that modules bring
// and take away while calls run. It follows D. Young's wish for NetBSD's kernel
// linker (tech-kern, 2009) and the consistency model of Linux's livepatch.
//
// A function that modules may override is a [Slot]. Slots that must change
// together form a [Group]; most groups have one slot. A [Module] has a [Layer]
// for each group that it overrides. The layers that stand on a group are a stack
// in load order; a call of the slot runs the topmost, and a layer's super call
// runs what that layer covers. Below the lowest layer is the slot's stub, the
// author's own body.
//
// Generated code declares groups, layers and modules, and dispatches:
//
//	func BpfMtap(ifp *Ifnet, pkt []byte) {
//		l := group.Top.Enter()
//		if l == nil {
//			stub(ifp, pkt) // nothing is counted
//			return
//		}
//		defer l.Leave()
//		switch l.Number {
//		case 1:
//			bpfTap(ifp, pkt) // a direct call, by go:linkname
//		default:
//			l.Funcs[0].(func(*Ifnet, []byte))(ifp, pkt) // from a plugin
//		}
//	}
//
// # Entering
//
// A [Link] is one atomic word that refers to a layer, or to none for the stub.
// A caller enters by these steps, which [Step] names:
//
//	StepRead     read the link; none: call the stub
//	StepEnter    add to the entrance counter of the layer's module
//	StepReread   read the link again; if it changed: StepLeave, and start over
//	             call
//	StepLeave    add to the exit counter, by defer, so that a panic and
//	             runtime.Goexit leave too
//
// # Unloading
//
// [Linker.Unload] takes a module away:
//
//	StepCheck    refuse it from inside of the module, or if others need it
//	StepCatch    the module's Catch, which may veto
//	StepRelink   each link that refers to one of the module's layers gets what
//	             that layer covers; the layer's own super link stays as it is,
//	             for those who are still inside
//	StepExits    sum the exit counter,
//	StepEntries  then the entrance counter; when they are equal nobody is inside
//	StepWait     else wait a moment and sum again
//	StepFini     the module's Fini, which may refuse
//	StepDetach   its virtual variables' containers go
//	StepDone     the linker forgets the module
//
// If Fini refuses, or the context ends before the counters are equal:
//
//	StepRestore  the layers go back to their places in the load order, the same
//	             layers with the same super links
//	StepUncatch  the module's Uncatch
//
// Why this is right. All accesses are sequentially consistent. A caller that
// read the link before StepRelink and whose second read is before it too has
// added its entrance before it, so StepEntries sees it. A caller whose second
// read is after it sees another layer and does not call. The exits are summed
// first: each exit that the sum contains has its entrance in the sum of
// entrances, which is read later, so that equal sums mean that nobody is inside;
// in the other order, an entrance that came after its sum could be balanced by
// its exit. A layer that was unloaded and loaded again between a caller's two
// reads is linked at the second one, which is all that the caller needs; the
// word has no generation for this reason.
//
// # Loading and replacing
//
// [Linker.Load] checks the module (StepCheck), gives it its containers
// (StepAttach), calls its Init (StepInit) and links all its layers (StepLink).
// What can fail comes before the first link, so a module is linked whole or not
// at all. [Linker.Replace] links the new module's layers in the places of the old
// one's in one store for each group, and then goes on as Unload does with the old
// module.
//
// # Concurrency
//
// All functions may be called by several goroutines at a time. Transitions of
// different modules run at the same time; the linker's lock is held to check and
// to link, and not while Init, Catch, Uncatch, Fini run or callers drain. A
// second transition of a module in one is an error. Calls never take a lock.
//
// In builds with -tags vimage_steps each step calls a hook. The tests run the real
// code through all orders of its steps with it, for two callers and one
// transition at a time over three layers; what they find when a step is broken on
// purpose is in mutants_test.go.
//
// # What a call costs
//
// The benchmark Calls has the kinds of calls side by side. The stub costs the
// load of the link; a layer costs two locked additions to lines that the
// goroutine's shard has for itself, and a defer. The compiler inlines a slot's
// function only with a profile (-pgo), as it has two calls in it.
//
// # Limits
//
// A goroutine that a module started is not counted: its Catch or Fini waits for
// it. A function value of a module's own function, kept by others, calls the
// function and not the slot.
package alias
