// Package workspace gives the go command a view of the user's program in which
// some files are others, without changing anything of the user's.
//
// What comes in: [Config], above all Files, a map from the absolute path of a
// file as its author knows it to the content that the build shall see there. A
// path that does not exist is a file added; nil content is a file deleted. What
// goes out: a [Workspace], whose Flags and Env make a go command build from
// that view.
//
// The go command offers two doors, and a path's place decides which one it
// takes:
//
//   - Files of GOROOT, of main modules, of their vendor directories and of
//     local replacements go through -overlay. The go command maps their
//     positions back to the author's by itself.
//   - Since Go 1.25 -overlay refuses files under the module cache. A module
//     that has such a file is copied as a whole, with its files replaced, and
//     named by a replace directive: in a copy of go.mod, given with -modfile,
//     or in a copy of go.work, given with GOWORK.
//
// # Positions
//
// A module's copy stands elsewhere than the module. Each Go file in it begins
// with a //line directive that names the author's file, so that stack traces,
// error messages, coverage and debuggers show that one. With -trimpath the
// directive is left out: the go command then writes module@version/file, for a
// replaced module as for any other. Assembly and C files of a copied module
// have no such directive.
//
// Rewritten files that carry directives of their own should leave the file name
// out (/*line :12:5*/), which means the name that the first line gave, whatever
// that was.
//
// # The cache
//
// Contents lie in the user's cache directory under names made of their hashes:
// a file's content under file/, a module's copy under mod/, a program that was
// only built to be run under exe/, and what was made of a whole program under
// result/, by the hash of all that it was made from. The go command therefore
// sees the same paths for the same input and its own build cache serves the
// second build. Entries are made beside their place and renamed into it, so
// that two runs may meet; both make the same thing and the first one stays. An
// entry not used for ten days is removed, at most once a day, as the go command
// does with its own.
//
// What belongs to one run only (the overlay's JSON file, go.mod, go.sum,
// go.work) lies in a work folder that Close removes. Whatever the go command
// wishes to note in go.mod, go.sum or go.work.sum, it notes there.
//
// # Limits
//
//   - The go command records the copied modules as replaced by a directory.
//     Flags has a -toolexec that gives the linker the author's build info in
//     its place: see package buildinfo.
//   - The go command's coverage tool does not know -overlay (it reads the
//     author's file). With -cover, Flags has a -toolexec that hands it the
//     right ones: see package overlaycover.
//   - What //go:embed sees is what the build sees: a Go file that is embedded
//     would be the rewritten one. If a program embeds Go files, Flags has a
//     -toolexec that gives the compiler the author's: see package overlayembed.
//   - The go command starts the tests of a copied module's package in the
//     copy's directory. AuthorDir tells which one its author knows; vimagegen
//     starts them there.
package workspace
