/*
# Aliases

A function may be declared so that other packages, its modules, can put theirs in its place. It is
a slot, and its body is the stub that runs when no module is chosen:

	package netstack

	//vimage:weak
	func BpfMtap(ifp *Ifnet, pkt []byte) {}

	//vimage:weak
	func Read4(off int) uint32 { return device(off) }

A module is a package that imports the slot's. Its functions override slots, or refine them: then
they call what they cover by a super function, whose own body is never run in such a build.

	package bpf

	//vimage:strong netstack.BpfMtap
	func tap(ifp *netstack.Ifnet, pkt []byte) { ... }

	//vimage:refine netstack.Read4
	func read4(off int) uint32 { log.Print(off); return superRead4(off) }

	//vimage:super netstack.Read4
	func superRead4(off int) uint32 { return netstack.Read4(off) }

A plain go build has the stubs: to it the directives are comments. Modules are chosen by a flag of
build and run, as import paths or folders, the lowest first:

	vimagegen build -modules ./bpf,./debug ./cmd/server

All calls are direct then, those of super functions too, and a value of a slot's function calls the
modules as well. A module that was not chosen is not in the binary, unless the program imports it.
Types are compared, and a function that does not fit its slot is an error with file and line.

Slots are functions, neither methods nor generic. Packages with cgo files can have neither slots
that are overridden nor modules. Tests run with stubs.

Package runtime/alias loads and unloads modules while a program runs. Nothing generates the
declarations that it needs yet.
*/
package main
