// Package goroot makes the base overlay: what a GOROOT needs on top so that
// programs built with it know images. In comes the directory of a GOROOT and a
// choice of slot; out go files, by absolute path, for the go command's -overlay.
//
// Added are
//
//   - to package runtime, the core of runtime/vimage (the sources of that
//     package's internal/core, renamed, over the primitives in _runtime);
//   - the package runtime/vimage, from our own sources of it, over that core,
//     at [naming.StdPath];
//   - small files to os, os/signal, sync, testing, context and time;
//   - if test binaries are to check isolation, the package
//     runtime/vimage/isolation, as testing/internal;
//   - if they are to run each test in an image of its own, the package
//     runtime/vimage/imagetest, as internal/types.
//
// Frames and functions are shown as the program's author knows them: main.main
// and main.init.0 by these names, and nothing of ours between them and the
// runtime's own (_runtime/names.go, frames.go).
//
// On the way to the kernel package syscall looks the standard descriptors up in
// the current image's table: descriptors.go has the anchors,
// _runtime/fds_syscall.go the lookup, the core's fds.go the table. The working
// directory is an entry of the same table: _runtime/fds_cwd.go. Not looked up
// are the descriptors of poll and select, those that C uses, and paths such as
// /dev/stdout. Between image 0's close of a descriptor and a write by another
// image that has just looked the number up nothing is ordered.
//
// A few statements of the standard library are edited: the table in anchors.go
// says which and why. An edit is anchored on the syntax tree, on names of
// functions, fields and calls, never on lines, and it is a change of bytes
// within the lines that exist, so that positions stay. A Go release in which an
// anchor of the g slot is missing gets the label slot, with a note that names
// the anchor; one in which an anchor is missing that both slots need is
// refused, by the same name.
//
// The table in rights.go grants variables in containers the rights of variables
// that the linker allocates. Where one of its anchors is missing, a note says
// so.
//
// Forward makes a package that stands for another, by aliases and one-line
// functions.
package goroot
