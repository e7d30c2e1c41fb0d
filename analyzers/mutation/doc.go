// Package mutation defines an analyzer that finds out, for each function, what
// it may do to the memory that is reachable from its arguments: write it, keep
// a reference to it, pass it to unknown code, return it. It has no findings;
// package globals uses its result.
//
// What comes in is one package and, as facts, the same of all functions that it
// imports, the standard library's included: they are computed from source, from
// the leaves of the import graph upwards. Functions without Go bodies are known
// by the words in package flow. Calls of function values may do anything, and
// so may calls of interfaces' methods, unless it is plain what they run (see
// [proof.Summarize]).
//
// A fact is a few bytes: an effect for each argument, and which arguments the
// results may lead to. There is none for functions whose arguments hold no
// references, and for those that importers cannot call.
//
// Functions that call each other are looked at together; the work grows with
// the size of the code, not with the number of paths through it.
package mutation
