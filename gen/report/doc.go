// Package report tells, for every package-level variable of a program, its
// fate, the reasons, its size, and who reads and writes it.
//
// Input: a [plan.Plan]. Output: a [Report], which is a value, and three ways to
// write it: text with one line a variable ([WriteText]), JSON ([WriteJSON]) and
// one self-contained HTML page ([WriteHTML]). Equal programs give equal bytes.
// Nothing in JSON or HTML names the machine: a file is named by its module and
// its path in there.
//
// # JSON
//
// The document is one object. Version is raised when a field changes its
// meaning or goes; fields may be added without.
//
//	version      1
//	fate         the fate that the list of variables is limited to; absent if it has all
//	roots        import paths of the packages that were named
//	tests        whether the packages' tests are part of the program
//	word_bytes   size of a pointer on the machine that the program is built for
//	totals       counts and bytes of all listed packages, and
//	             standard_image_bytes: those of the standard packages that are not listed
//	packages     those that have variables, by path
//	variables    by package, file and position
//
// Counts are objects with these fields:
//
//	variables, virtual, shared, refused   how many
//	image_bytes                           bytes that each image has of them, padding included
//
// A package has these, and path, module, version (absent for the main module),
// standard (true for one of the standard library).
//
// A variable:
//
//	package, name   its full name is package.name
//	kind            "go", or "c" for one of C code, of which name and place alone are known
//	type            as the package itself would spell it
//	fate            "virtual", "shared" or "refused"
//	start           of a virtual one: "replay" (its initialiser runs in every image) or "template" (each image
//	                starts with a copy of what the process's variable holds)
//	size            bytes, of itself; not of what it refers to
//	test            true for one that a test file declares
//	place           where it is declared
//	reason          one line
//	chain           the reason's steps, from the fate to its cause: each has text, and a place if it has one
//	writes          who writes it: each has place, function, package, and how: "assigned", "through" (memory that it
//	                refers to changes in the same statement) or "address" (whoever has the address may write)
//	reads           who reads it: each has place, function and package
//
// A place has module, version, file (its path in the module, with slashes), line and column. The standard library is
// module "std". Function is "F", "T.M" or "(*T).M", and absent outside of functions; package is the function's.
//
// Limits: reads and writes are what the text of the program does to the
// variable by name; what happens through copies of its value or its address is
// for the chain of reasons to tell. They are counted in code that no run can
// reach, too, so a variable with writes can be one that is never written. Bytes
// per image are those of the containers, not of what they refer to. Blank
// variables and those that the cgo command makes are not listed.
package report
