// Package writecheck runs a plain program and sees which of its package-level
// variables change after initialisation. It is what the analysis is measured
// with: a variable that is called shared and changes is an error of the
// analysis; one that never changes and is not called shared is a lack of
// precision.
//
// Input: a package to compile ([Target]) and a list of variables. Output: for
// each variable every way in which its memory was seen to be written, with the
// writer's stack ([Seen]). A variable's memory is its own, and all that can be
// reached from it by pointers when main.main begins (in a test binary: before
// the first test and TestMain). [Outcomes] lays verdicts of vimagegen report
// -json beside it.
//
//	go -C internal/corpus run ./cmd/soundness
//
// checks the corpus's tests and the hard cases. Exit status 1 means that a
// variable called shared was written.
//
// # How it works
//
// Nothing of the program is rewritten. It is compiled with the memory
// sanitizer's instrumentation, without the sanitizer: the compiler puts a call
// before every store that may go to the heap or to a global, and our functions,
// which -overlay lays over GOROOT's runtime, receive it. What the compiler does
// not instrument has calls put in by overlay too: maps, channels, typedmemmove
// and its kin, sync/atomic (whose intrinsics are switched off). What the
// standard library tells the sanitizer about system calls arrives as well.
//
// Before main.main our code reads the table of variables, which was made from
// the linked binary's symbols, and walks all that can be reached from them with
// the collector's own knowledge of where pointers are, so that closures, maps
// and unexported fields are like anything else. Each piece of memory, an object
// of the heap or a symbol, is entered in a hash table and copied. From then on
// a hook looks up each write, without locks, allocation or stack growth, and
// keeps the stacks of the first writers of each piece. At the end of each test,
// and of the process, memory is compared with the copy: what differs although
// no hook saw it (assembly, C, go:norace, the runtime itself) counts as
// written, by whom is not known. Watched objects are held, so that their place
// is not given to others. The result is in a file mapped into memory, so it is
// there however the process ends; child processes that are the same binary have
// their own.
//
// # Limits
//
// It sees what runs, and only after main.main begins. A variable never seen
// written may be written in another run.
//
// Memory is told apart by piece, not by byte: a pointer to one element of an
// array leads to the whole array, and a write behind the length of a slice, in
// its capacity, is a write. A store of the value that was there is a write.
// Assembly, C and functions marked go:norace that put the old value back before
// the comparison are not seen. A pointer that is hidden in a uintptr is not
// followed, nor are goroutines and threads that wait in a channel, nor memory
// outside of Go's heap and data (C's). What has no size has no memory: all of
// it lies at one address, which is nobody's.
//
// What the runtime and the standard library write in their own objects (a
// mutex's word, a timer) is reported as any other write, with its stack:
// nothing is left out by name.
//
// Programs run on Linux, amd64 or arm64, and need a C linker: only with it are
// the places of composite literals in the symbol table. They cannot be built
// with -race at the same time.
package writecheck
