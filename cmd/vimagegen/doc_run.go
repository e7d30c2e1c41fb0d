/*
# Run: compile a program and start it N times in one process

Usage:

	vimagegen run [-n N] [-args FILE] [-prefix] [-debug ADDR] [-panic image|process]
		[-fail-fast | -restart never|on-failure] [-slot g|label] [-modules LIST] [-loadable]
		[run flags] package [arguments]

Run compiles a main package, named as for go run, and starts it N times in one process: in the
images 1 to N, at the same time. os.Args, flag.CommandLine and os.Exit belong to the image. It
builds what vimagegen build -launch builds, and starts it with the flags of vimagegen help launch
that say the same.

An image ends as a process does: when main returns, by os.Exit, or with status 2 by a panic that no
goroutine recovers. The others go on. The process ends when all images have ended. If there are
several, the standard error then has a line for each that ended badly; if the highest status is not
0, run prints it as go run does and exits 1.

	panic: boom [image 3]
	...
	image 3: exit status 2
	exit status 2

The images have one standard input. Each byte goes to the one image that reads it, and all that read
see the end: with a terminal or a file as input, let one image read.

A deadlock of all goroutines of an image ends it in the same way, half a second later, where it is
certain that nobody else can wake them. It is not looked for with the label slot, where C is linked in
(the runtime does not look for it there either), in programs that import runtime/vimage, and where
variables are shared by the user's word; and an image counts as alive while one of its goroutines is
blocked inside of a standard package other than sync, io and context, which all images may share.

What only the process can survive ends the process with all images: a fatal error of the Go runtime
(concurrent map writes, out of memory, stack overflow), a fault in C code, and a panic in a
finalizer or cleanup.

The flags of its own:

	-n N
		how many images to start; 1 by default, or as many as FILE of -args has lines.
	-args FILE
		for each image a line: see vimagegen help launch.
	-prefix
		put the image's name before each line that it prints.
	-debug ADDR
		serve /debug/vimage/ at a TCP address such as localhost:6060, by a server and a mux of
		its own, in image 0; see package runtime/vimage/debug. There is no authentication.
		With -loadable, /debug/vimage/aliases shows slots and modules.
	-panic image|process
		what an unrecovered panic ends; the image by default.
	-fail-fast
		end the process, with its status, when the first image ends badly.
	-restart never|on-failure
		on-failure: start an image that ends badly again, after 0.1 s; the delay doubles each
		time up to 30 s, and is 0.1 s again for an image that lived longer than that.
	-slot g|label, -modules LIST, -loadable, -stats FILE
		as for build.

In the arguments, {image} becomes the image's number. A flag that is not given is taken from the
environment variable that vimagegen help launch names. A package at a version (path@v1.2.3) is
refused: it would be built outside of any module.
*/
package main
