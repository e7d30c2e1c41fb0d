// Package aliashttp shows the slots and modules of a running program on a page,
// and loads and unloads modules there. It stands beside the debug pages:
//
//	debug.Register(mux)                        // runtime/vimage/debug
//	aliashttp.Register(mux)                    // shows
//	aliashttp.Register(mux, aliashttp.Writable) // loads and unloads too
//
// It serves:
//
//	GET  /debug/vimage/aliases               the page
//	GET  /debug/vimage/aliases?format=json   the same, as [State]
//	POST /debug/vimage/aliases               with do=load, unload or replace, module=NAME,
//	                                         for replace by=NAME, and timeout=10s
//
// Each may have image=ID: slots that are per image are those of that image.
// Else they are those of the image that the handler runs in.
//
// A POST answers when the module is loaded or unloaded, with a redirection to
// the page; if that fails, with status 409 and the error, which has the stacks
// of those who are inside. While it waits, a GET shows who is inside. Requests
// from another origin are refused. There is no other authentication: the
// handler is for those who may debug the program.
//
// The stacks of those who are inside need the world to stop for a moment.
package aliashttp
