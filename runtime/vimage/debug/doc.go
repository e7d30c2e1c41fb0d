// Package debug shows the images of a running program: which there are, what their variables and sysctls hold, how two of
// them differ, and figures for those who collect them.
//
//	debug.Register(mux)                                // or nil, for http.DefaultServeMux
//	debug.Serve("localhost:6060")                      // with a listener and mux of its own
//	debug.Register(mux, debug.Writable, debug.Maps)    // sysctls can be set, maps are read
//
// What is served, below /debug/vimage:
//
//	/debug/vimage/                     the page, which needs nothing from elsewhere
//	/debug/vimage/images               images: state, age, parent, goroutines, bytes, packages
//	/debug/vimage/image/ID             one of them, with its variables and sysctls
//	/debug/vimage/image/ID/sysctl/NAME see package sysctlhttp; PUT works with Writable
//	/debug/vimage/image/ID/goroutines  the stacks of its goroutines, as text
//	/debug/vimage/diff?a=ID&b=ID       where the variables of two images differ
//	/debug/vimage/profile?seconds=N    a CPU profile whose samples bear images' names
//	/debug/vimage/goroutine            a goroutine profile, likewise
//	/debug/vimage/metrics              figures in the text format of Prometheus, a label image for each
//
// All but the page, stacks, profiles and metrics is JSON. [Publish] puts the figures into expvar. A profile is cut by image with
//
//	go tool pprof -tagfocus='vimage=^NAME$' http://HOST/debug/vimage/profile
//
// In a plain build there is image 0, whose variables are nobody's to list, and its sysctls.
//
// # What it cannot know
//
// Variables are read while the program writes them: that is a data race, which the race detector reports, and what is
// shown need not have been true at any one time. Package look says what is done against worse. Entries of maps are not read without [Maps],
// since Go ends the process when a map is written at that moment: use that where the program stands still.
//
// Bytes are those of an image's containers; what they refer to is not counted. Names of images need not be unique: where two live images share one,
// metrics add #ID to it; profiles cannot, and cut names to 48 bytes.
//
// The handlers are for those who may debug the program: there is no authentication. Requests that change something
// are refused when they come from another origin.
package debug
