// Package listings keeps what go list prints of a program, so that the next run
// on the same files needs no go list: for an unchanged program of 400 packages
// that is a third of the time.
//
// Input: how go list is called, and a function that hashes the contents of the
// files that a list names. Output: the list, from the go command or from the
// cache.
//
// # What a record holds
//
// A record is found by what the go command is told: flags, patterns, environment
// and overlay. It holds the list and the hash of everything else that decides
// it:
//
//   - the contents of the files that the list names ([Query.Identify]); of Go files
//     that people edit what go list reads ([Header]), so that it runs again after
//     an edit of an import, and not after one of a function's body;
//   - in folders of main modules and their local replacements: the names of all
//     sources, and the contents of those that the list does not name, because a
//     build constraint excludes them today;
//   - the size and time of the folders of the standard library and of the module
//     cache, which only tools change;
//   - go.mod in each folder between a package and its module's root, where a new
//     one would begin another module;
//   - go.sum, go.work.sum, vendor/modules.txt, and go.mod of each module that
//     go.work uses or a directory replaces, in the list or not;
//   - below a package that embeds files, the names of all entries;
//   - for a pattern such as ./..., the folders below, and the sources in them.
//
// A folder of the main module that comes to contain a package which the list has
// from another module is not seen here. Both the go list that is saved and the
// go build that follows call such an import ambiguous, and the build fails.
//
// # When a record is made
//
// A file may change between the moment at which go list reads it and that at
// which it is hashed. So a record is stored if go list ran between two moments
// at which the list and the hash were the same: of two calls of [Cache.List] in
// one process, by the second; where a record no longer holds, but go list still
// prints its list, by the first. A file that is changed and changed back in
// between is not noticed.
//
// # Limits
//
// No record is made, and go list runs each time, if
//
//   - a package outside the standard library uses cgo: what pkg-config prints and
//     what C headers contain decides its files;
//   - a pattern is a Go file, std, cmd, all, work or tool, or has "..." in an
//     import path: ./... has a record, example.com/... has none;
//   - there is no module.
package listings
