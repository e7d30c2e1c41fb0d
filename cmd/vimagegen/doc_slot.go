/*
# Slot: where a goroutine's current image is kept

The current image of a goroutine is kept in one of two places:

	g        a field of the runtime's own record of the goroutine, added at build time
	label    the goroutine's profiler labels

In both, CPU and goroutine profiles tell the image of each sample by the label vimage:

	go tool pprof -tagfocus='vimage=^NAME$' PROFILE

With g, reading it costs one load; it is the default. Where the toolchain's runtime is not as
expected, label is taken instead, and one line says so.
*/
package main
