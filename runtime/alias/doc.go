// Package alias links optional, replaceable and refinable functions at run
// time: weak aliases with a stub, and strong and refining aliases that modules
// bring and take away while calls run. It follows D. Young's wish for NetBSD's
// kernel linker (tech-kern, 2009) and the consistency model of Linux's
// livepatch.
//
// A function that modules may override is a [Slot]. Slots that must change
// together form a [Group]; most groups have one slot. A [Module] has a [Layer]
// for each group that it overrides. The layers that stand on a group are a
// stack in load order; a call of the slot runs the topmost, and a layer's super
// call runs what that layer covers. Below the lowest layer is the slot's stub,
// the author's own body.
//
// Generated code (vimagegen build -loadable, and vimagegen generate for the
// build with the tag vimage) declares groups, layers and modules, registers
// them, and dispatches:
//
//	func BpfMtap(ifp *Ifnet, pkt []byte) {
//		if !group.Top.Stub() {
//			call(&group.Top, ifp, pkt)
//			return
//		}
//		... // the author's body, the stub: nothing is counted
//	}
//
//	func call(k *alias.Link, ifp *Ifnet, pkt []byte) {
//		l := k.Read()
//		if l == nil {
//			stub(ifp, pkt) // a copy of the body
//			return
//		}
//		in, ok := k.Try(l)
//		if !ok {
//			if in = k.Enter(); in.Layer == nil { // tries again
//				stub(ifp, pkt)
//				return
//			}
//		}
//		defer in.Leave()
//		switch in.Number {
//		case 1:
//			bpfTap(ifp, pkt) // a direct call, by go:linkname
//		default:
//			in.Funcs[0].(func(*Ifnet, []byte))(ifp, pkt) // from a plugin, or not named by -modules
//		}
//	}
//
// A super function calls call with its layer's link. [Find] returns the modules
// that are linked in, [Load], [Unload], [Replace] and [Boot] change what runs,
// and [Modules], [Stack] and [Module.Inside] show it. Subpackages load modules
// from Go plugins (aliasplugin), and show and load them over HTTP (aliashttp).
//
// # Per image
//
// A group that is per image ([Group].PerImage) has a stack in each image. It,
// the layers on it and their modules are then virtual variables, and so is the
// linker that the functions of this package take for it: they work in the
// current image. In a committed build (tag vimage) this package keeps that
// linker in a container of its own. A layer takes 8 kB for its counters from
// the first Load of its module in an image on.
//
// [Override] puts a function on top of such a slot for the time of a test. In a
// build without images there is one stack.
//
// # Entering
//
// A [Link] is one atomic word that refers to a layer, or to none for the stub.
// A caller enters by these steps, which [Step] names:
//
//	StepRead     read the link; none: call the stub
//	StepEnter    add to the layer's entrance counter
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
//	StepExits    sum the exit counters of the module's layers,
//	StepEntries  then the entrance counters; if they are equal, no caller is inside
//	StepWait     else wait a moment and sum again
//	StepFini     the module's Fini, which may refuse
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
// entrances, which is read later, so that equal sums mean that no caller is
// inside; in the other order, an entrance that came after its sum could be
// balanced by its exit. A layer that was unloaded and loaded again between a
// caller's two reads is linked at the second one, which is all that the caller
// needs; the word has no generation for this reason.
//
// # Loading and replacing
//
// [Linker.Load] checks the module (StepCheck), calls its Init (StepInit) and
// links all its layers (StepLink). What can fail comes before the first link,
// so a module is linked whole or not at all. [Linker.Replace] links the new
// module's layers in the places of the old one's in one store for each group,
// and then goes on as Unload does with the old module.
//
// # Variables of a module
//
// A module's package-level variables are initialized once, as those of every
// package: by the start of the program or of an image, or when a plugin is
// opened. They keep their values when the module is unloaded, and have them
// when it is loaded again. With images, each has its own before the first call
// of the module. State that must come with the load and go with the unload, in
// all images, is a vimage.Module that Init registers and Fini unregisters: by
// then no caller is inside.
//
// # Concurrency
//
// All functions may be called by several goroutines at a time. Transitions of
// different modules run at the same time; the linker's lock is held to check
// and to link, and not while Init, Catch, Uncatch, Fini run or callers drain. A
// second transition of a module in one is an error. Calls never take a lock.
//
// In builds with -tags vimage_steps each step calls a hook. The tests run the
// real code through all orders of its steps with it, for two callers and one
// transition at a time over three layers; what they find when a step is broken
// on purpose is in mutants_test.go.
//
// # What a call costs
//
// The stub costs the load of the link and a branch; a layer costs two locked
// additions to lines that the goroutine's shard has for itself, and a defer.
// Measured by internal/aliasbench on an AMD EPYC with two cores under load, Go
// 1.26, with no flags but those named, in nanoseconds a call: medians of 100
// samples, all kinds in turn, and behind them the fastest tenth. Neither the
// direct function nor the slots are inlined into their callers.
//
//	                           -mode nop     with images     with images
//	                                         (slot g)        (slot label)
//	direct call               1.35  1.35     1.36  1.35      1.35  1.35
//	slot, stub                1.36  1.35     1.35  1.35      1.36  1.35
//	slot, stub, per image     1.35  1.35     1.90  1.63      2.98  2.98
//	slot, a layer             5.96  5.96     5.69  5.68      5.69  5.68
//	slot, a layer, per image  5.69  5.68     6.37  6.14      7.32  7.31
//	interface                 2.71  2.71     2.44  2.44      2.98  2.98
//	function variable         1.35  1.35     1.36  1.35      1.63  1.62
//	atomic pointer            1.35  1.35     1.35  1.35      1.62  1.62
//	RWMutex and table         4.18  4.17     4.18  4.17      4.18  4.17
//
// A profile (-pgo) changes none of these by more than the samples differ. With
// slots off or fixed a call is a direct one: 1.35. By processor time a call of
// a layer costs the same on one core (5.99) and on both (5.88). Unload takes 7
// microseconds, and less than 50 in 99 of 100 cases, while two goroutines call.
//
// # Limits
//
// An override of a test has no generated case, so it goes by a pointer.
//
// A goroutine that a module started is not counted: its Catch or Fini waits for
// it. A function value of a module's own function, kept by others, calls the
// function and not the slot.
package alias
