/*
# Process: what images share of their process, and what is their own

A process has one file mode mask, one garbage collector, one end. For what a program reaches of that
kind, by a function of the standard library or of golang.org/x/sys, the table below says what images
do with it:

	image      each image has its own: the function does to it what it does to a process
	shared     all images have one: vimagegen run with -n above 1 names the first place that the program can reach
	refused    one image would end or replace all: vimagegen run with -n above 1 refuses the program

A line of vimage.settings, `shared syscall.Umask REASON`, takes a function's note or refusal back.

A binary from vimagegen build starts in image 0, which does to the process what the plain program
does. If the program calls vimage.New, build names what its images would share, what run would
refuse included; else it reports nothing.

A write to standard output or standard error that nothing reads any more (head has ended) raises
SIGPIPE on Unix. In an image it ends that image, with status 141. In image 0, under run with one
image, and where any image handles SIGPIPE or ignores it, the process gets the signal as in the
plain program.

Standard descriptors (0, 1 and 2) are looked up by image on the way to the kernel, on Linux: an
image that closes or replaces one (os.Stdout.Close, syscall.Dup2(fd, 2)) does it to itself. Three
ways lead past the lookup: poll and select see the process's descriptors, so does C, and so do the
paths /dev/stdout and /proc/self/fd. On other platforms an image has files of its own over
duplicates of the descriptors, and the numbers are the process's.

The working directory is an image's own on Linux, in builds of vimagegen: os.Chdir and relative
names go by it, and so do the commands that the image starts. An image begins in its parent's
directory (vimage.WithParent), else in that of the process, and stays there when image 0 goes elsewhere. In a program that calls C outside the standard library, or imports
package plugin, all images have the process's, because C looks relative names up there. System calls by numbers that
package syscall has no name for, and the path /proc/self/cwd, see the process's. Old system calls by number (SYS_OPEN,
SYS_STAT) that package syscall does not make itself are refused with EOPNOTSUPP for relative paths, in an image that has
changed its directory.

A thread on which Go called C keeps the image that called. On a thread that C created, an exported
function runs in image 0 in what vimagegen build makes, in the only image under vimagegen run -n 1
and in tests, and in no image under vimagegen run with -n above 1: use of virtual state then panics
with the function's name, and run names such functions beforehand. C calls back into an image by a
function that vimage.Bind tied to it:

	h := cgo.NewHandle(vimage.Bind(tick))
	C.start(C.uintptr_t(h))

	//export goTick
	func goTick(h C.uintptr_t) { cgo.Handle(h).Value().(func())() }
*/
package main
