/*
# Build: compile packages and their dependencies

Usage:

	vimagegen build [-mode plain|nop|static|vimage] [-launch [-debug]] [-slot g|label] [-modules LIST] [-loadable]
		[build flags] [packages]

Build compiles packages as go build does, with the same flags and in the same environment, GOFLAGS
included. The program starts in image 0 and does there what the plain one does; with package
runtime/vimage it makes more images. With -launch it starts images by itself instead: see
vimagegen help launch. The build info (debug.ReadBuildInfo, go version -m) is what go build records,
as it is under run and test.

The flags of its own:

	-mode plain|nop|static|vimage
		how a virtual variable x is spelled: as the author wrote it; V_x, a plain variable;
		VNET0_PKG.V_x, a field of one static struct; or vnet_pkg.V_x, through the pointer
		of the current image, which is the default. Only the last has images; the others are
		there to be compared: see vimagegen help identity. They leave the standard library,
		and what is refused, as it is.
	-launch
		make programs that start N images of themselves, as run does.
	-debug
		with -launch: such a program can serve the debug pages of its images, without a line
		in it: see vimagegen help launch. It has net/http linked in then. With -loadable, one
		of the pages shows slots and modules.
	-slot g|label
		where a goroutine's current image is kept: see vimagegen help slot.
	-modules LIST
		packages whose functions take the place of slots, separated by commas: see
		vimagegen help aliases.
	-loadable
		let slots call the modules that the program has loaded by package runtime/alias.
	-stats FILE
		write how many variables of each package are virtual, shared and refused, as JSON.

Flags of go build that mean a little more:

	-a
		plan and rewrite the program anew, although nothing changed since the last time; the go
		command compiles all packages anew.
	-v
		print the names of packages as they are compiled.
	-x
		print the go commands too, and what was planned anew or taken from the cache, and why.
	-work
		print the name of the work folder too, and keep it. It holds what the go command was
		given: overlay.json names each file that stands for another.
*/
package main
