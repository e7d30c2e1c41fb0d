// Package plugin holds an example of a module that comes late: a Go plugin,
// opened when images live already.
//
//	go build -o host ./examples/plugin/host
//	go build -buildmode=plugin -o counter.so ./examples/plugin/counter
//	./host counter.so
//
// The plugin registers a [vimage.Module] when it is opened; each image that
// there is gets the module's variables, and so does each that is created later.
// Unregistered, it is out of all images; Go never unloads the code. A plugin
// built by vimagegen build -buildmode=plugin, for a host that was built so too,
// needs none of this: its package-level variables come to all images when it is
// opened. Its host may call what it exports, and do anything to what it gets:
// variables that the host looks up by name have to be marked //vimage:shared.
// This one is for go build.
//
// Host and plugin have to be built by the same toolchain from the same versions
// of what they share, as with all plugins, and there are plugins only where Go
// has them: with cgo, on Linux, FreeBSD and macOS.
package plugin

import _ "github.com/go-vimage/vimage/runtime/vimage" // the package that is spoken of
