/*
Vimagegen builds, runs and tests Go programs of which one process holds many images: each image
has its own copy of every package-level variable that is not proved immutable, of the program and
of all that it imports. The source stays as it is, and so does every file of yours.

Usage:

	vimagegen <verb> [arguments]

The verbs are:

	build      compile packages and their dependencies
	run        compile a program and start it N times in one process
	test       test packages in an image of their own
	collisions compare a program's variables with the symbols of the compiled packages
	report     tell of every package-level variable what becomes of it, and why
	clean      remove the cache
	version    print the versions of vimagegen and of the toolchain it was built with
	help       print this text, or that of one verb or topic

The topics are:

	exit       what the exit statuses mean
	words      what you can say of a variable, and where
	schema     what report -json prints
	slot       where a goroutine's current image is kept
	cache      what is kept, and where

# Build

Usage:

	vimagegen build [-slot g|label] [build flags] [packages]

Build compiles packages as go build does, with the same flags and in the same environment, GOFLAGS
included. The program starts in image 0 and does there what the plain one does; with package
runtime/vimage it makes more images.

The flags of its own:

	-slot g|label
		where a goroutine's current image is kept: see vimagegen help slot.
	-stats FILE
		write how many variables of each package are virtual, shared and refused, as JSON.

Flags of go build that mean a little more:

	-v
		print the names of packages as they are compiled.
	-x
		print the go commands too.
	-work
		print the name of the work folder too, and keep it. It holds what the go command was
		given: overlay.json names each file that stands for another.

# Run

Usage:

	vimagegen run [-n N] [-prefix] [-slot g|label] [run flags] package [arguments]

Run compiles a main package, named as for go run, and starts it N times in one process: in the
images 1 to N, at the same time. os.Args, flag.CommandLine and os.Exit belong to the image. An exit
ends its own image's main; the process ends when all have ended. If the highest status is not 0,
run prints it as go run does and exits 1.

The flags of its own:

	-n N
		how many images to start; 1 by default.
	-prefix
		put the image's name before each line that it prints.
	-slot g|label, -stats FILE
		as for build.

In the arguments, {image} becomes the image's number. A package at a version (path@v1.2.3) is
refused: it would be built outside of any module.

# Test

Usage:

	vimagegen test [-slot g|label] [build and test flags] [packages] [test binary flags]

Test runs the tests of packages as go test does, with the same flags, virtualised and in an image
that is not image 0. Packages of other modules can be named too, as for go test.

The flags of its own:

	-slot g|label, -stats FILE
		as for build.

# Collisions

Usage:

	vimagegen collisions -nm [build flags] [packages]

Collisions compiles packages and accounts for every symbol of writable data in them: by the
declaration of a Go variable, or as one that the compiler or cgo made for itself. It prints those that
assembly or C code defines, those with a second name by go:linkname, and those of which no
declaration was seen; then it exits 1. It also notes unexported names that stand in several
packages: these do not meet, for each package has a container of its own.

Names that collide in the source alone are found by the analyzer collisions.

# Report

Usage:

	vimagegen report [-json] [-html file] [-fate fate] [-tests] [-std] [build flags] [packages]

Report tells of every package-level variable of a program, its imports' included, whether it is
virtual (each image has its own), shared (one for all images) or refused, and why. It prints a line
for each, by package, file and position:

	file:line:col: fate: package.name (type, size, writes, addresses, reads): reason

Writes, addresses and reads are the places in the text that assign the variable or change what it
refers to, that take its address, and that read it. The packages need not be programs. What is
refused does not make report fail.

The flags of its own:

	-json
		print JSON instead; see vimagegen help schema.
	-html file
		write one page, to be opened in a browser: totals, bytes per image by package, and each
		variable with its chain of reasons and the source lines. It needs no network. The lines
		are not printed then.
	-fate virtual|shared|refused
		tell of the variables with this fate only.
	-tests
		take the packages' tests as part of the program.
	-std
		tell of the variables of those standard packages too that an image has its own of.

# Clean

Usage:

	vimagegen clean

Clean removes the cache. See vimagegen help cache.

# Version

Usage:

	vimagegen version

Version prints the version of vimagegen, and of the toolchain and the platform it was built with.

# Exit

The exit statuses of vimagegen:

	0    success
	1    the program, its build or its tests failed, as with the go command
	2    bad usage, or words about variables that make no sense
	3    something was refused: it cannot be virtualised with its meaning kept
	4    a fault of vimagegen, or it could not do its work

A program that the go command builds as it is, and that does not build with images, is a fault of
vimagegen.

# Words

A word above a declaration says what becomes of a variable, or of a group of them:

	//vimage:shared REASON    one for all images
	//vimage:virtual          each image has its own

For packages that are not yours the same words stand in the file vimage.settings, in the main
module's root or beside go.work, a line each:

	shared  github.com/some/pkg.Table   never written after start-up
	virtual github.com/some/pkg.Cache
	shared  github.com/some/pkg.C       its C variables are constants in truth

A line that begins with # is a comment. A directive of another name, one that stands elsewhere,
shared without a reason, two words that contradict each other, and a name in the file that no file
of its package declares, are reported with their places, and nothing is built.

# Schema

Report -json prints one object:

	version      1; raised when a field changes its meaning or goes. Fields may be added without
	fate         the fate that the list is limited to by -fate
	roots        import paths of the packages that were named
	tests        whether tests are part of the program
	word_bytes   size of a pointer on the platform that the sizes are for
	totals       counts of all listed packages, and standard_image_bytes: bytes that an image has
	             of standard packages that are not listed
	packages     by path: path, module, version, standard, and counts
	variables    by package, file and position

Counts are variables, virtual, shared, refused, and image_bytes: the bytes that each image has of
them, padding included, what they refer to not.

A variable has:

	package, name   its full name is package.name
	kind            "go", or "c" for a variable of C code, of which only the place and reason are known
	type, size      its type as its package spells it, and bytes
	fate            "virtual", "shared" or "refused"
	start           of a virtual one: "replay", its initialiser runs in every image; or "template",
	                an image's begins as a copy of the process's
	test            true if a test file declares it
	place           where it is declared
	reason          one line
	chain           the steps of the reason, from the fate to its cause: text and place
	writes          who writes it: place, function, package, and how: "assigned", "through" (what it
	                refers to changes) or "address" (who has the address may write)
	reads           who reads it: place, function, package

A place has module, version, file (in the module), line and column. The standard library is the
module std. Function is "F", "T.M" or "(*T).M". What is false, zero or unknown may be absent.

# Slot

The current image of a goroutine is kept in one of two places:

	g        a field of the runtime's own record of the goroutine, added at build time
	label    the goroutine's profiler labels

With g, reading it costs one load; it is the default. Where the toolchain's runtime is not as
expected, label is taken instead, and one line says so.

# Cache

Rewritten files, and copies of those modules of the module cache that have one, are kept in
vimage in the user's cache directory, or in VIMAGECACHE if that is set. Their names are made of
their contents, so that unchanged input builds nothing again; programs and runs share them. What
has not been used for ten days is removed. Nothing needs the cache to persist.
*/
package main
