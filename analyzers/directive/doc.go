// Package directive reads the //vimage: comments of a file.
//
// Input: the syntax of one file, with its comments. Output: the fates that the
// author asks for ([Word]), the other directives with their arguments ([Mark]),
// and a [Problem] for each directive that would have no effect: an unknown
// verb, a verb above a declaration that it does not fit, wrong arguments, and
// two directives that contradict each other.
//
// Each verb is one entry of a table (table.go): its name, the declarations that
// it may stand above, its parser, and the packages that act on it. The verbs
// are:
//
//	shared, virtual       a package-level variable, or a group of them
//	sysctl                a package-level variable, or a function func() T
//	pcpustat              a package-level variable, or a group of them
//	sysinit, sysuninit    a function func() or func() error
//	weak, strong          a function, neither generic nor a method
//	refine, super         the same
//	module                the same, func(context.Context) error
//	shared_page           a struct type
//	vdso                  a function, neither generic nor a method
//
// Limits: a comment such as "// vimage:shared", with a space before the tool's
// name, is prose to Go's own tools, and here.
package directive
