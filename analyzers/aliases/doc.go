// Package aliases defines an analyzer for functions that modules override.
//
// # Analyzer aliases
//
// aliases: check declarations of slots and of the functions that override them
//
// Input: one package, and facts about the packages that it imports: which of
// their functions are slots (//vimage:weak), and their groups. Output: findings
// at functions with the directives //vimage:weak, strong, refine, super,
// module. A package with functions that override slots is a module: vimagegen
// help aliases.
//
// Methods, generic functions, functions without a body, and directives with
// wrong words are findings of rule directive, of analyzer globals. Variadic
// functions can be slots. A slot may be used as a value: a call of the value
// runs what a call of the slot does.
//
// # slot
//
// The slot does not exist, or no module can override it: it is not exported, is
// of a package main, or of a package that the file does not import.
//
// Before:
//
//	//vimage:strong netstack.Mtap    // package netstack has no such function with //vimage:weak
//	func tap(pkt []byte) { ... }
//
// After:
//
//	//vimage:strong netstack.BpfMtap
//	func tap(pkt []byte) { ... }
//
// # signature
//
// The function's type is not the slot's. The functions are linked by name, so
// nothing else compares them. Names of parameters do not matter. A function
// with //vimage:module is a func(context.Context) error.
//
// Before:
//
//	//vimage:strong netstack.Read4   // which is func(off int) uint32
//	func read4(off int32) uint32 { ... }
//
// After:
//
//	//vimage:strong netstack.Read4
//	func read4(off int) uint32 { ... }
//
// # twice
//
// A module has two functions for one slot, two super functions for one, or two
// functions for one step of loading.
//
// Before:
//
//	//vimage:strong netstack.BpfMtap
//	func tap(pkt []byte) { ... }
//
//	//vimage:strong netstack.BpfMtap
//	func count(pkt []byte) { ... }
//
// After:
//
//	//vimage:strong netstack.BpfMtap
//	func tap(pkt []byte) { count(pkt); ... }
//
//	func count(pkt []byte) { ... }
//
// # super
//
// A super function stands for what a refining function covers, and the module
// has no //vimage:refine for its slot.
//
// Before:
//
//	//vimage:strong bus.Read4
//	func read4(off int) uint32 { return superRead4(off) }
//
//	//vimage:super bus.Read4
//	func superRead4(off int) uint32 { return bus.Read4(off) }
//
// After:
//
//	//vimage:refine bus.Read4
//	func read4(off int) uint32 { return superRead4(off) }
//
//	//vimage:super bus.Read4
//	func superRead4(off int) uint32 { return bus.Read4(off) }
//
// # covers
//
// A refining function never calls its super function, not by functions of the
// same package either, or has none: what it covers does not run. A call of the
// slot itself is no call of the super function: it runs the topmost module.
//
// Before:
//
//	//vimage:refine bus.Read4
//	func read4(off int) uint32 { return 0 }
//
// After:
//
//	//vimage:strong bus.Read4
//	func read4(off int) uint32 { return 0 }
//
// # group
//
// Slots of a group change at once: a module overrides all of them or none, and
// all are per=image or none is. A module overrides no slots that are per=image
// beside others that are not, because the two are loaded apart.
//
// Before:
//
//	//vimage:strong kernel.Lock      // of group=lock, as kernel.Unlock
//	func lock() { ... }
//
// After:
//
//	//vimage:strong kernel.Lock
//	func lock() { ... }
//
//	//vimage:strong kernel.Unlock
//	func unlock() { ... }
package aliases
