// Package load reads a whole Go program: every package that a build of the
// named patterns would compile, its syntax, and its types.
//
// Input: the arguments of a go command (a folder, an environment, build flags,
// package patterns), and a base overlay: files that stand for others in every
// build of the tool. Output: a [Program] of packages in dependency order, test
// variants included. Packages whose code the caller wants have syntax and type
// information, the others have types alone.
//
// Package golang.org/x/tools/go/packages is not used, because it lacks what the
// rewriter needs: the author's own cgo files with types (go/packages reads
// cgo's output), the bodies of chosen standard packages only, and the lists of
// assembly, C and embedded files.
package load
