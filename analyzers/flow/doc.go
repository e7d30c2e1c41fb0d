// Package flow turns a Go program into the constraints that decide whether memory changes: which value comes from
// which, what is loaded and stored through what, who calls whom.
//
// In come SSA functions (golang.org/x/tools/go/ssa); out goes a [Program] of nodes and, for each function, a list of
// [Op]. A node stands for a value (a parameter, a register, a result) or for a piece of memory. Values without
// references (numbers, strings) have none: nothing can be written through them.
//
// Memory is told apart by type, as in field-based points-to analyses: one node for field f of all structs of type T, one
// for the elements of all slices of E, for the values of all maps of one type, for what channels of one type carry, and one
// for each package-level variable. Two kinds of memory are told apart better: a local variable whose address stays in its
// function and in that function's closures has a node of its own, as has such a field of a local struct without a type
// name, and the slice that a call makes of its variadic arguments carries their nodes along. (Package proof tells more
// apart, where it sees all calls.)
//
// A small function that is given functions has an instance for each of its calls.
//
// Types, functions and variables are identified by their spelling (path-qualified), not by object: a package and its
// test variants are one, and cgo's form of a package meets the author's.
//
// Where memory is seen under two types (conversions between struct types, unsafe.Pointer) the pieces are tied together:
// type by type where a cast shows both, else with all that goes by unsafe.Pointer. A struct and another that is its first
// field have the same memory anyway. An address that was moved, or cast to a pointer
// to a larger type, may lead to any value that encloses its memory: see
// enclosing.go. References in memory whose type shows none, in integers and behind
// strings have nodes of their own, see integers.go. Code that is not Go may write
// anything that is reachable, by type, from its arguments, and from what addresses
// without a type may have led to. What functions do whose body is not Go, or is
// beyond types (reflect, the runtime), is said by [Words], read from words.txt:
// data, with a reason each. A function without body and without word is unknown:
// whatever it is given it may change and keep. C gets what cgo's stubs are given.
//
// Limits.
//   - The bytes of strings are followed only where unsafe makes them of other memory.
//   - An address of a byte that is moved to be one of another byte is taken to stay
//     in its array, unless other memory was cast to bytes.
//   - An integer whose type is not uintptr is one with all other such integers. One
//     with fewer bits than an address is followed only where shifts take it out of
//     an address or put an address together.
//   - A number of a named type, as syscall.Errno, that was made from an integer
//     becomes an address only if the program has a conversion of that type to
//     uintptr or unsafe.Pointer; what reflection converts is not seen.
//   - A moved address is followed one step: behind the references in its memory,
//     each type is taken to be as large as it is.
//   - Where an unsafe.Pointer is seen as a type, or reflection sees memory as one
//     (NewAt), and the address may be of any type, what is one step down is taken to
//     keep its type.
//   - If an address may be of more than 200 types, or if the program sees memory as
//     memory of another type in more than 20,000 ways, or more than 10,000 wholes
//     because of their parts, or if an address of a part of a basic type, as int,
//     may be in more than 100 wholes, then a pointer that is made of the address is
//     taken to lead to values of the pointer's type alone, also in what is around
//     the address. Memory of another type that is written by such a pointer is
//     missed. [Program.Alone] lists the types of these pointers, and report and
//     build print a note. An address that is cast where it is taken, as in
//     (*T)(unsafe.Pointer(&s.a)), is followed without these limits.
//   - A struct that is found from its first field is taken to be the one that the
//     cast names, if other casts find others.
//   - A word about an interface's method speaks of the implementations in the
//     interface's package.
package flow
