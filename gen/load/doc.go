// Package load reads a whole Go program: every package that a build of the named
// patterns would compile, its syntax, and its types.
//
// What comes in is what the go command would be given (a directory, an environment,
// build flags, package patterns) and a base overlay, the files that differ from the
// disk in every build that the tool drives. What goes out is a [Program]: packages in
// dependency order, test variants among them, with syntax and type information for
// those whose code the caller wants to look into and types alone for the others.
//
// golang.org/x/tools/go/packages is not used because the rewriter needs what it does
// not give: the author's own cgo files typed in place (go/packages types cgo's output,
// whose bytes are not the author's), bodies of chosen standard packages only, and the
// go command's own lists of assembly, C and embedded files.
package load
