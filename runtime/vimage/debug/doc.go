// Package debug shows the images of a running program: their variables and
// sysctls, their goroutines and CPU time, and where two images differ.
//
//	debug.Register(mux)                    // nil stands for http.DefaultServeMux
//	debug.Register(mux, debug.Writable)    // sysctls can be set
//	debug.Serve("localhost:6060")          // with a listener and mux of its own
//
// Below /debug/vimage it serves:
//
//	/debug/vimage/                     the page, which loads nothing from elsewhere
//	/debug/vimage/images               images: state, age, parent, goroutines, bytes, packages
//	/debug/vimage/image/ID             one of them, with its variables and sysctls
//	/debug/vimage/image/ID/sysctl/NAME see package sysctlhttp; PUT works with Writable
//	/debug/vimage/image/ID/stacks      its goroutines, grouped by stack and state
//	/debug/vimage/image/ID/goroutines  their stacks as text
//	/debug/vimage/diff?a=ID&b=ID       where the variables of two images differ
//	/debug/vimage/search?q=WORD        variables by name, with their values in all images
//	/debug/vimage/cpu?seconds=N        CPU time of each image, sampled for N seconds, 5 by default
//	/debug/vimage/profile?seconds=N    a CPU profile whose samples bear images' names
//	/debug/vimage/goroutine            a goroutine profile, likewise
//	/debug/vimage/metrics              figures in the text format of Prometheus, a label image for each
//
// A program that registers package runtime/alias/aliashttp too has a page with
// its slots and modules at /debug/vimage/aliases; this page then refers to it.
//
// All but the page, text, profiles and metrics is JSON: of types [Image],
// [Detail], stacks.Group, [Difference], [Found] and [CPU]. Parameters:
//
//	image          package=P      only package P; may be repeated
//	               variable=V     only variables of this name
//	               read=own       no values but of the program's own module; or none, or all, the default
//	image, diff,   depth=N        how deep values are read: 0 to 20, 4 by default
//	search         children=N     how many fields, elements or entries of each value: 0 to 10000, 100 by default
//	search         values=1       the word may also be in a value, a field's name or a key
//	               std=1          also variables of the standard library
//
// [Publish] puts the figures into expvar. A profile is cut by image with
//
//	go tool pprof -tagfocus='vimage=^NAME$' http://HOST/debug/vimage/profile
//
// # Images
//
// Image 0, named vnet0, exists from the start of the process; main runs in it,
// except under vimagegen run and in programs of vimagegen build -launch, which
// start main in images of their own. Listed are live images, those that are
// starting or closing, and those that are over, but have goroutines left, the
// latest 100 of them: they have no variables any more, but their stacks say
// what keeps them, and there is the error that Close returned. A plain build
// lists image 0's sysctls and no variables.
//
// # Limits
//
// Variables are read while the program writes them: that is a data race, which
// the race detector reports, and the values shown may never have been true all
// at one time. Package look says how worse is prevented. Entries of maps are
// read too, by a walk over their memory that needs no help of the program and
// does it no harm. On a Go release whose maps have a layout that package look
// does not know, they are not read, except by
//
//	POST /debug/vimage/image/ID?maps=iterate    for this request, from the same origin
//	debug.Maps                                  for all
//
// with Go's own iteration, which ends the process if the map is written at that
// moment.
//
// Bytes are those of an image's containers, without the memory that they refer
// to. Names of images need not be unique: if two live images have the same
// name, metrics add #ID to it; profiles cannot, and have the first 48 bytes of
// a name. There is one CPU profile at a time in a process: while one is being
// taken, cpu and profile answer with status 409.
//
// The handlers are for those who may debug the program: there is no
// authentication. Requests that change something are refused when they come
// from another origin.
package debug
