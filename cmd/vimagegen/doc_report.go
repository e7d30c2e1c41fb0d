/*
# Report: print what becomes of every package-level variable, and why

Usage:

	vimagegen report [-json] [-html file] [-fate fate] [-tests] [-std] [build flags] [packages]

Report prints for every package-level variable of a program, its imports' included, whether it is
virtual (each image has its own), shared (one for all images) or refused, and why. It prints a line
for each, by package, file and position:

	file:line:col: fate: package.name (type, size, writes, addresses, reads): reason

and a summary on the last line.

A variable is virtual because it changes, and vimagegen vet calls it mutable then, or because its
initialiser must run in every image. A reason leads with the cause that is nearest to the variable:
in its package, then in its module, then in the program. One that begins with "by approximation" has
no such cause; it depends on the methods that interfaces and reflection are taken to call.

	written by (*sync.Mutex).Lock, called in shop.buy (main.go:33)

Writes, addresses and reads are the places in the text that assign the variable or change what it
refers to, that take its address, and that read it; those in code that no run can reach are counted
too, though they do not make a variable virtual. The packages need not be programs. What is refused
does not make report fail.

The flags of its own:

	-json
		print JSON instead; see vimagegen help schema.
	-html file
		write one page, to be opened in a browser: totals, bytes per image by package, and each
		variable with its chain of reasons and the source lines. It needs no network. The lines
		are not printed then.
	-fate virtual|shared|refused
		print the variables with this fate only.
	-tests
		take the packages' tests as part of the program.
	-std
		print all variables of those standard packages that an image has its own of some of.
		Without it, those alone that the program changes: see vimagegen help std.
*/
package main
