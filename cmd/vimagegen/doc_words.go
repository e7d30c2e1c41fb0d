/*
# Words: what you can say of a variable, and where

A word above a declaration says what becomes of a variable, or of a group of them:

	//vimage:shared REASON    one for all images
	//vimage:virtual          each image has its own
	//vimage:pcpustat         each image has its own, and of that each P: counters, which are
	                          summed when they are read; see package runtime/pcpu
	//vimage:sysctl ...       see vimagegen help sysctl
	//vimage:shared_page ...  above a struct, and //vimage:vdso above a function: see vimagegen help page

A word above a function func() or func() error has it called in every image:

	//vimage:sysinit SUBSYSTEM ORDER      when all packages are started, before main: the lower
	                                      SUBSYSTEM first, of one SUBSYSTEM the lower ORDER. An error
	                                      ends the creation of the image
	//vimage:sysuninit SUBSYSTEM ORDER    when the image closes, the other way round

Both are numbers up to 0xfffffff, or names: of subsystems first (0), tunables (0x1000000), locks
(0x2000000), memory, events, drivers, interfaces, protocols, services (0x8000000), last; of orders
first (0), second, third, fourth (3), middle (0x1000000), any. Functions of the same stage run in
the order in which their packages are initialised. A plain build does not call them.

For packages that are not yours the same words stand in the file vimage.settings, in the main
module's root or beside go.work, a line each:

	shared  github.com/some/pkg.Table   never written after start-up
	virtual github.com/some/pkg.Cache
	shared  github.com/some/pkg.C       its C variables are constants in truth
	shared  github.com/some/pkg.TEXT    all images may share the functions that it patches
	shared  syscall.Exec                a restart is one of all images (vimagegen help process)

A line that begins with # is a comment. A directive of another name, one that stands elsewhere,
shared without a reason, two words that contradict each other, and a name in the file that no file
of its package declares, are reported with their places, and nothing is built.
*/
package main
