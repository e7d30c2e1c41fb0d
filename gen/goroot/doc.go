// Package goroot makes the files that a GOROOT needs on top of its own, so that
// programs built with it know images.
//
// Input: the folder of a GOROOT, and a choice of slot ([Options]). Output: the
// base overlay ([Result]), a map from absolute path to content for the go
// command's -overlay. GOROOT itself stays as it is.
//
// # What is added
//
//   - To package runtime: the core of runtime/vimage. These are the sources of
//     that package's internal/core, renamed, over the primitives in _runtime.
//   - Package runtime/vimage as a standard package, at [naming.StdPath].
//   - Small files in os, os/signal, syscall, sync, testing, context and time.
//   - Package runtime/vimage/isolation as testing/internal, if test binaries
//     check isolation.
//   - Package runtime/vimage/imagetest as internal/types, if each test has an
//     image of its own.
//
// # What is edited
//
// The table in anchors.go lists the statements of the standard library that are
// edited, with reasons. An edit is anchored in the syntax tree, by the names of
// functions, fields and calls. It changes bytes within existing lines, so that
// positions stay:
//
//	systemstack(sigpipe)                // os_sigpipe, in package runtime
//	vnetSigpipe(); systemstack(sigpipe) // an image's end, if one is current
//
// If an anchor of the g slot is missing in a Go release, the label slot is
// taken, and a note names the anchor. If an anchor is missing that both slots
// need, the release is refused, by the same name. Anchors of less weight are
// left out, with a note: those of rights.go, for instance, by which variables
// in containers may be given to finalizers and cgo as variables of the linker
// may.
//
// # Descriptors and the working directory
//
// Package syscall looks the standard descriptors up in the current image's
// table before each system call: descriptors.go has the anchors,
// _runtime/fds_syscall.go the lookup, and fds.go of the core the table. An
// entry of the same table is the image's working directory
// (_runtime/fds_cwd.go).
//
// # Names
//
// Traces and profiles show functions under their author's names, as main.main
// and main.init.0, and no frames of ours between them and the runtime's
// (_runtime/names.go, frames.go). [Forward] makes a package that stands for
// another one, by aliases and functions of one line.
//
// # Limits
//
// Descriptors of poll and select, descriptors that C uses, and paths such as
// /dev/stdout are the process's. If image 0 closes a standard descriptor while
// another image is about to write to it, the order of the two is not defined.
package goroot
