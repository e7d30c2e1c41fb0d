// Package isolation finds objects that several images reach: state that went
// from one image to another.
//
//	leaks, err := isolation.Check()
//
// It looks at one dump of the heap (runtime/debug.WriteHeapDump), in which
// every pointer of every object stands, whatever its type hides from
// reflection: closures' captured variables, channels' buffers, maps,
// sync.Pools, unexported fields. From each live image's containers it follows
// all pointers. An object that two images reach is reported, with the path from
// each, unless it is reached from a variable that is not virtual: that is what
// shared variables are for. Of what hangs on a reported object nothing more is
// said.
//
// # Protocol
//
//  1. list: the live images, and the containers of each, are written down.
//  2. dump: the world stands while the runtime writes the heap to a temporary
//     file.
//  3. read: objects with the offsets of their pointers, and the data and bss
//     segments. Shared variables that count are carved out of these, as
//     objects.
//  4. shared: all that hangs on the segments is marked. Images and containers
//     stop the walk, since the runtime's list of images lies there too; its
//     tables of timers and pools are passed over (vimage.Tables).
//  5. walk: from each image's containers, breadth first, so that paths are
//     short; marked objects and other images' handles stop it. Another image's
//     container does not: it is the plainest leak of all.
//  6. tell: paths are spelled by the types of the containers, as far as types
//     are known.
//
// An image that is created or closed between 1 and 2 is not looked at, or no
// longer: run no such thing meanwhile.
//
// # Changes
//
// What one image does to another by ways that are no pointers, or were for a
// moment only, shows in a comparison of the other with itself:
//
//	snap, err := isolation.Take(quiet)
//	busy.Do(work)
//	changes, err := snap.Changes()
//
// Of each object that the image's variables led to, and still lead to, the
// memory is compared, whatever its type hides, and each value that is another
// is told with the way to it and both values, as far as types are known. Of a
// value that leads elsewhere now, this alone is told.
//
// # Shared variables
//
// In programs that import this package, generated code tells where each
// variable is declared, and of all that are one for all images
// ([vimage.SharedVariables]); other programs have nothing of that. Take looks
// at these too: those that are proved not to change must not. Those that are
// shared by the user's word are taken for what he says, and what hangs on them
// is no leak; with [Distrust] they count as an image's. The static memory that
// shared variables lead to is looked at as far as their types tell its extent,
// unless those are a standard package's.
//
// # Tests
//
// vimagegen test -check-isolation does the same for a test binary, which has
// this package laid into its standard library (gen/goroot):
//
//  1. enter: the image of the tests is created and initialised.
//  2. witness: a second image is created and initialised, in which nothing else
//     runs. See [Witness].
//  3. run: TestMain and what it calls run in the first image.
//  4. report: at the end of M.Run, where it would complain of races that no
//     test saw, Check looks at all images. A leak fails the run. In a run that
//     only lists tests, and in a fuzzing worker, nothing is looked at.
//  5. exit: os.Exit in the image of the tests does the same if M.Run has not,
//     and does not end a run that failed with status 0.
//
// Tests are not run in the second image as well: many cannot run twice in one
// process, for their ports and files and package testing's own flags, and what
// comes to an image in which nobody runs came from elsewhere, without a doubt.
//
// # Limits
//
// Found is what both images reach by pointers, through whatever: maps,
// channels' buffers, interfaces, errors, contexts, captured variables of
// closures, pools, atomic pointers, timers that a variable holds. Two images'
// slices of one array are told even where they do not overlap. Of two weak
// pointers to one object their common handle is told.
//
// Not found is what leads from an image to an object otherwise:
//   - only a goroutine's stack holds it, or only a timer that no variable
//     holds, or a function given to runtime.SetFinalizer or AddCleanup;
//   - its address stands in a number, or in memory that is not Go's;
//   - it hangs on a shared variable as well, or on a table of a shared standard
//     package, or, on a stock toolchain, where the runtime's own tables are not
//     known, on a pending timer or in a pool;
//   - it has up to 16 bytes without pointers, may lie in one block of the
//     allocator with another image's, and the images point to different places
//     of it.
//
// A change is found even then, if it is one of what the image's variables lead
// to by pointers, and not of what hangs on variables that are shared. What an
// image's own goroutines and timers change is told as well: take one in which
// nothing runs.
//
// There is no vimage.CheckIsolation: this package needs that one, which
// therefore cannot need this one. Nor should it, being a part of every program
// that is planned, built and proved free of what it does not use.
package isolation
