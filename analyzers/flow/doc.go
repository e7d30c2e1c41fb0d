// Package flow generates constraints from a Go program. Package proof solves
// them to find out which package-level variables change.
//
// Input: functions in SSA form (golang.org/x/tools/go/ssa).
//
// Output: a [Program] of nodes and, for each function, a list of [Op]. A node
// is an abstract value (a parameter, a register, a result) or an abstract
// object in memory. An Op is a constraint: copy, load, store, address-of, call,
// or one of those for reflection and package unsafe. For example
//
//	func set(p *T, m map[string]*T) { p.next = m["a"] }
//
// gives a load from the node for the values of all map[string]*T, and a store
// into the node for field next of all T. Values without references (numbers,
// strings) have no nodes: nothing can be written through them.
//
// # Abstraction
//
// The analysis is field-based (Heintze and Tardieu, 2001) and flow-insensitive.
// There is one node
//
//   - for each package-level variable;
//   - for each field of each struct type, shared by all structs of that type;
//   - for the elements of all slices of one type, for the values of all maps of
//     one type, and for the elements of all channels of one type.
//
// Three kinds of objects are more precise. A local variable has a node of its
// own if its address stays in its function and that function's closures. So has
// a field of such a variable whose struct type has no name. The slice that a
// call makes of its variadic arguments keeps the nodes of the arguments.
// Package proof separates further objects where it sees all calls.
//
// A small function with parameters of function type is cloned for each call.
//
// Types, functions and variables are identified by their path-qualified
// spelling, not by their go/types object. So a package and its test variants
// are one, and the files that cgo made are the author's.
//
// # Package unsafe and code that is not Go
//
// Where memory is seen as two types (conversions between struct types,
// unsafe.Pointer), the nodes of both are tied: type by type where one function
// has both types, else with all memory that is cast to unsafe.Pointer. A struct
// and the struct that is its first field have the same memory by construction.
// An address that is moved, or cast to a pointer to a larger type, may point to
// any value that encloses its memory (enclosing.go). References in memory whose
// type has none, in integers and in the bytes of strings have nodes of their
// own (integers.go).
//
// Code that is not Go may write anything that is reachable, by type, from its
// arguments, and from addresses that lost their type on the way. Functions
// without a body in Go, and functions that types do not describe (reflect, the
// runtime), are modelled by [Words], which are read from words.txt. Each entry
// has its reason. A function with neither body nor model may change and keep
// all its arguments. C receives the arguments of cgo's stubs.
//
// # Limits
//
//   - The bytes of a string are followed only where unsafe makes them of other
//     memory.
//   - An address of a byte that is moved and becomes the address of another
//     byte stays in its array, unless other memory was cast to bytes.
//   - All integers whose type is not uintptr are one node. An integer with
//     fewer bits than an address is followed only where shifts take it from an
//     address, or make an address of several.
//   - A number of a named type, as syscall.Errno, that was made from an integer
//     becomes an address only if the program has a conversion of that type to
//     uintptr or unsafe.Pointer. Conversions by reflection are not seen.
//   - A moved address is followed one step: behind the references in its
//     memory, each type is taken to be as large as it is.
//   - Where an unsafe.Pointer is seen as a type, or reflection sees memory as
//     one (NewAt), and the address may be of any type, objects one step below
//     keep their types.
//   - An address is not followed to all its types where there are too many:
//     more than 200 types for one address, more than 20,000 pairs of types in
//     the program by which memory is seen as another type, more than 10,000
//     enclosing types, or more than 100 enclosing types for a field of a basic
//     type as int. A pointer made of such an address is taken to point to
//     values of the pointer's type alone, and so is what encloses them. A write
//     to memory of another type through it is missed. [Program.Alone] lists the
//     types of these pointers, and report and build print a note. An address
//     that is cast where it is taken, as (*T)(unsafe.Pointer(&s.a)), is
//     followed without these limits.
//   - A struct that is found from its first field is taken to be the one that
//     the cast names, also if other casts find others.
//   - A model of an interface's method applies to the implementations in the
//     interface's package.
package flow
