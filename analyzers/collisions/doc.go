// Package collisions defines an analyzer that finds names that collide when package-level variables become fields of
// containers.
//
// In comes one package, with the files that its build leaves out and the C files beside it; out go findings,
// each under one of these rules:
//
//   - reserved-name: a package-level name, a local, a parameter or an import bears a name that generated code
//     takes: vnet_p, INIT_VNET_P, V_x beside a variable x. Generated code then gets numbered names, which in
//     a committed build others read and call; or, for vnetpkg_sysctl, does not compile.
//   - generated-file: a file of the author's is called as a generated one would be.
//   - build-constrained: a variable has another type, or is no variable, in a file for another platform. A
//     committed container has one field for it.
//   - dot-import: a dot import brings in a package whose hook has the name of this package's own.
//   - c-variable: C code of the package defines a variable. The process has one of it.
//
// Where an edit in the package alone solves it, the finding carries that edit: renamings are complete or not
// offered. Exported names, and names that files outside of the build, assembly or directives mention, are not
// renamed.
//
// Builds that vimagegen drives give numbers by themselves: for them reserved names and build
// constraints are no trouble, and the messages say which build they speak of. A variable that nothing in its package
// writes, changes or takes the address of is not expected in a container, and not reported.
//
// Limits: types of files outside of the build are compared by their spelling. What is declared in
// two such files, neither in the build, is not compared. C is read by package cvars, with its limits.
package collisions
