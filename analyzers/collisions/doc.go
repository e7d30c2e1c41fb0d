// Package collisions defines an analyzer that finds names that collide when
// package-level variables become fields of containers.
//
// # Analyzer collisions
//
// collisions: report names that collide when variables are container fields
//
// Input: one package, with the files that its build leaves out and the C files
// beside it. Output: findings. Where an edit in the package alone solves it,
// the finding carries that edit: renamings are complete or not offered.
// Exported names, and names that files outside of the build, assembly or
// directives mention, are not renamed.
//
// Builds that vimagegen drives number generated names by themselves: reserved
// names and build constraints do no harm there, and the messages name the build
// that they concern. A variable that nothing in its package writes, changes or
// takes the address of needs no container, and is not reported.
//
// Limits: types in files outside of the build are compared by their spelling.
// Declarations in two such files, neither in the build, are not compared.
// Package cvars reads C, with its limits.
//
// # reserved-name
//
// A package-level name, a local, a parameter or an import has a name that
// generated code uses: vnet_p, INIT_VNET_P, or V_x beside a variable x. The
// generated name then gets a number, and other code reads it; or, for
// vnetpkg_sysctl, generated code does not compile.
//
// Before:
//
//	var stock, V_stock int
//
// After:
//
//	var stock, virtualStock int
//
// # generated-file
//
// A file of the author's has the name of a generated file.
//
// Before: zz_vnet.go, written by hand. After: another name.
//
// # build-constrained
//
// A variable has another type, or is not a variable, in a file for another
// platform. A committed container has one field for it.
//
// Before:
//
//	var handle int      // file_unix.go
//	var handle uintptr  // file_windows.go
//
// After:
//
//	type fd int      // file_unix.go
//	type fd uintptr  // file_windows.go
//	var handle fd    // file.go
//
// # dot-import
//
// A dot import brings in a package whose hook has the name of this package's
// own.
//
// Before:
//
//	import . "example.com/old/names"  // in package names
//
// After:
//
//	import old "example.com/old/names"
//
// # c-variable
//
// C code of the package defines a variable. The process has one of it.
//
// Before:
//
//	static int last_error;
//	int fail(int n) { last_error = n; return -1; }
//
// After: the caller owns the memory.
//
//	int fail(int *last_error, int n) { *last_error = n; return -1; }
package collisions
