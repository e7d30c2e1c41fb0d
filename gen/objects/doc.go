// Package objects compares what packages declare with what the compiler made of it: it is the linker's word on the
// analyzers', as nm(1) was used to find colliding file-static variables when FreeBSD was virtualised.
//
// In come package patterns; the go command compiles them and lists each one's symbols. Out goes every
// symbol of writable data, with what accounts for it: a declaration, the compiler or cgo themselves, or nothing that was seen;
// and those that several files or packages have to do with: assembly, C, go:linkname, one unexported name in several
// packages.
//
// Source is read without types, plain files only: a package's tests are in no object here. What a C macro declares
// has a symbol and no declaration, and is reported so.
package objects
