// Package aliasplugin loads modules of functions that come in Go plugins.
//
//	modules, err := aliasplugin.Open("bpf.so")
//	...
//	err = alias.Load(ctx, modules[0])
//
// A plugin's main package imports the module's package, whose generated code
// makes the module known when the plugin is opened. Program and plugin are
// built with the same flags, the modules that are linked into the program
// included:
//
//	vimagegen build -loadable -modules ./fault -o server ./cmd/server
//	vimagegen build -loadable -modules ./fault -buildmode=plugin -o bpf.so ./cmd/bpf
//
// The slots call the plugin's functions by pointers. In a program with images
// the variables of the plugin's packages come to all images when it is opened.
//
// # Errors
//
// A plugin fits a program only if both have the same toolchain, the same flags,
// and the same text of all packages that they share. [Open] compares what is
// recorded in both and names what differs, before the plugin is opened:
//
//	bpf.so does not fit the program: it was built by go1.26.1, and the program by go1.26.0
//	bpf.so does not fit the program: it was built with -race=true, and the program without it
//
// Declarations of the kernel that changed are named by [alias.Load].
//
// # Limits
//
// Go never unloads a plugin's code and never opens a plugin twice: after
// [alias.Unload] the module stays known, and its variables stay in the images.
// Package plugin says on which systems there are plugins.
package aliasplugin
