// Package directive reads the //vimage: comments of a file.
//
// In comes the syntax of one file, with its comments; out go the words that stand above package-level variables, the
// marks that make a setting or a counter by P of one, and a [Problem] for each directive that would otherwise be without effect and without notice: an unknown or misspelt
// verb, //vimage:shared without its reason, one that stands where its verb means nothing, and two words that
// contradict each other.
//
// These verbs are known, and stand above:
//
//	shared, virtual       a package-level variable, or a group of them
//	sysctl                a package-level variable, or a function func() T
//	pcpustat              a package-level variable, or a group of them
//	sysinit, sysuninit    a function func() or func() error
//	weak, strong          a function, neither generic nor a method
//	refine, super         the same
//	shared_page           a struct type
//	vdso                  a function, neither generic nor a method
//
// Limits: a comment such as "// vimage:shared", with a space before the tool's
// name, is prose to Go's own tools, and here.
package directive
