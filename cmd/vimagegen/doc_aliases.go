/*
# Aliases: functions that modules override, and how modules are chosen

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

A plain go build has the stubs: to it the directives are comments. There are two other ways.

# Fixed

Modules are chosen by a flag of build, run and test, as import paths or folders, the lowest first:

	vimagegen build -modules ./bpf,./debug ./cmd/server

All calls are direct then, those of super functions too, and a value of a slot's function calls the
modules as well. A module that was not chosen is not in the binary, unless the program imports it.

# Loadable

With -loadable (of build, run and test) a slot runs the modules that are loaded when it is called:

	vimagegen build -loadable -modules ./bpf,./debug ./cmd/server

The modules are linked in, and the program loads them by package runtime/alias, which its module has
to require:

	m := alias.Find("example.com/server/bpf")   // by the import path of the module's package
	err := alias.Load(ctx, m)                   // also Unload, Replace
	err := alias.Boot(ctx, file)                // those that a file names, a line each

The calls of modules that -modules names are direct, in a switch. Those of other modules, which the
program imports or a plugin brings, go by pointers. A slot without a module runs its body, after one
load and one branch. A module needs the modules that it imports: they are loaded before it and
unloaded after it. The module's package may have functions that are called meanwhile:

	//vimage:module init                        before the first call; an error refuses the load
	//vimage:module catch                       turn callers away or wake them; an error is a veto
	//vimage:module fini                        no caller is inside any more; an error refuses the unload
	//vimage:module uncatch                     the unload was refused: undo catch
	func stop(ctx context.Context) error { ... }

A module whose state in each image shall come and go with it registers a vimage.Module in init and
unregisters it in fini. Other variables of a module are in all images from their start, or from when
a plugin is opened.

The fixed way calls init at the start of the program, in load order, and none of the others.

A slot may be per image: then each image has its own modules on it, and Load, Unload and Stack are
about the current image. A test gives its image a function of its own, whatever other tests do:

	//vimage:weak per=image
	func Now() time.Time { return time.Now() }

	alias.Override(t, clock.Now, func() time.Time { return noon })   // until the test ends

Slots that have to change at once are of one group, which a module overrides whole:

	//vimage:weak group=lock
	func Lock() {}

VIMAGEDEBUG=alias=1 in the environment of the program prints each step of loading and unloading.

# Errors and limits

Types are compared, and a function that does not fit its slot is an error with file and line.
Vimagegen vet -aliases finds it without a build, and other errors: vimagegen help aliases/RULE explains
the rules slot, signature, twice, super, covers and group.

Slots are functions, neither methods nor generic, and stand in no file of tests. With -modules of
test each test binary has the modules. In a trace, a slot's body that runs below a module is named
vimage_weak_NAME, and else as its author named it. The coverage of a loadable build counts the
statements that are added to slots. A committed build (vimagegen generate) knows of no dependency on
modules of packages that are not adopted.

Modules from Go plugins: package runtime/alias/aliasplugin. A page with slots and modules at
/debug/vimage/aliases: package runtime/alias/aliashttp, and run -loadable -debug=ADDR.
*/
package main
