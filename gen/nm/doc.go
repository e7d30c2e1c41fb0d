// Package nm accounts for every symbol of writable data in what was built: the
// linker's word checks the plan's.
//
// Input: a plan and the symbols of the packages that were planned, as
// gen/objects reads them from the compiler's objects or from an executable.
// Output: a class for each: what the plan says of the variable, with its
// reason; which part of the toolchain made it and what for; or that nothing
// accounts for it, which is an error. A virtual variable that is replayed in
// every image has no symbol in a build with images: one that has is unaccounted
// for as well.
//
// # Limits
//
//   - Of standard packages, only those variables are looked at that the plan
//     has in a container.
//   - An executable does not tell which C variables a package brought, nor what
//     the linker left out: objects tell more.
//   - Variables that C code declares are not in a plan. They are shared where
//     the user says so (vimage.settings), refused where their declarations are
//     seen, and else unaccounted for.
package nm
