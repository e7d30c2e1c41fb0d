// Package crossing defines an analyzer that finds what carries state from one image to another, or loses the image.
//
// In comes one package in SSA form, with package conduct's facts about it and what it imports; out go findings, each
// with what to do, under one of these rules:
//
//   - shared-store: a variable marked //vimage:shared receives something that belongs to the image which stores it: what
//     is read from virtual state, or a reference that the caller hands in.
//   - shared-pool: a sync.Pool is marked shared, and what it holds has references.
//   - shared-worker: a goroutine takes functions from a channel that is shared, and runs them in the image that it was
//     started in.
//   - registry: a value goes into a registry of the standard library that is one for all images.
//   - lost-image: a function that uses virtual state goes to a timer, a finalizer or the like, which in a committed
//     build calls it in no image.
//   - lock: a mutex that is virtual guards data that is shared, or the other way round.
//   - std-variable: a variable of the standard library is assigned.
//   - process: a call changes what the process has one of: environment, working directory, signals, limits.
//
// Builds that vimagegen drives carry the image to timers, contexts, finalizers and cleanups, and have for
// each image what package perimage lists. Committed builds, on a stock toolchain, have neither. Each message says
// in which builds it matters.
//
// Which registries there are is derived from the standard library's source: what a function keeps of its
// arguments in a package-level variable. What changes the process behind the operating system's calls cannot
// be derived; that is the table in process.go.
//
// Limits: calls through interfaces and function values are not followed. A line of vimage.settings counts for packages of
// the module that it stands in. Locks are followed within one function: a function that is called
// with a lock held counts as one without. Test files are not asked for what concerns the process: a test binary is one.
package crossing
