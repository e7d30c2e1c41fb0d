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
	generate   write the files of committed builds
	identity   compare the machine code of two builds
	nm         account for every writable symbol of a build
	page       print or watch a shared page
	report     print what becomes of every package-level variable, and why
	sysctl     write the files that register what //vimage:sysctl marks
	vet        gate on what stands in the way of images
	clean      remove the cache
	version    print the versions of vimagegen and of the toolchain it was built with
	help       print this text, or that of one verb or topic

On a terminal, a command that takes longer than two seconds shows on the standard error what it is at,
in one line that is erased at the end. Elsewhere, and with -json or -x, it does not.

The topics are:

	launch     what a program from build -launch takes from its user
	importers  how a program uses a library that has committed builds
	exit       what the exit statuses mean
	words      what you can say of a variable, and where
	schema     what report -json prints
	vettool    use by go vet, golangci-lint and Bazel
	debug      delve, and profiles, by image
	slot       where a goroutine's current image is kept
	aliases    functions that modules override, and how modules are chosen
	process    what images share of their process, and what is their own
	std        which variables of the standard library an image has its own of
	cache      what is kept, and where

Each analyzer of vet, and each of its rules, is a topic too: collisions, committed, crossing, globals,
nolint, sharedvars. Those of aliases are aliases/RULE.
*/
package main
