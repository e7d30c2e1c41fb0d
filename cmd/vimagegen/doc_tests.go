/*
# Test

Usage:

	vimagegen test [-check-isolation[=strict] [-diff]] [-slot g|label] [-modules LIST] [-loadable]
		[build and test flags] [packages] [test binary flags]

Test runs the tests of packages as go test does, with the same flags, virtualised and in an image
that is not image 0. Packages of other modules can be named too, as for go test.

The flags of its own:

	-check-isolation
		create a second image, the witness, before the tests run, in which nothing runs but the
		packages' initialisation. When the tests, benchmarks and examples have run, or TestMain
		has called os.Exit without them, look through the heap for objects that both images
		reach otherwise than through shared variables. Each is told with its type, and from
		each image with a variable and what leads on from it, and the line of its declaration;
		then the run fails. What initialisation prints is printed twice; one that works only
		once fails the run. See package runtime/vimage/isolation for what is seen and what is not.
	-check-isolation=strict
		do not take the user's word for it that a variable may be shared: objects that an image
		and such a variable both lead to are told, too.
	-diff
		with -check-isolation: compare what the witness's variables lead to with what it was
		before the tests ran, too, and so variables that are shared because they are proved not
		to change; if strict, those shared by the user's word. Each value that has changed is
		told with both values.
	-slot g|label, -modules LIST, -loadable, -stats FILE
		as for build.
*/
package main
