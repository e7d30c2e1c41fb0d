/*
# Nm: account for every writable symbol of a build

Usage:

	vimagegen nm [-mode MODE] [-binary FILE] [-tests] [-json] [-slot g|label] [build flags] [packages]

Nm reads the symbols of writable data (data, bss, noptrdata, noptrbss) of every package that has virtual
state, in what the compiler made or in an executable, and accounts for each:

	virtual       the plan's word, for what has a symbol nevertheless: in a plain or nop build,
	              and variables of which each image's begins as a copy
	shared        with the plan's reason
	refused       with the reason
	compiler      made by the toolchain; the last lines count which kinds
	vimage        made by vimagegen
	unaccounted   nothing accounts for it: then nm exits 1

It prints a line for each but the toolchain's and vimagegen's own, with the variable's place, unexported
names that stand in several packages, and the totals. C variables that cgo brings are shared where the
settings say so, and refused where their declarations are seen.

The flags of its own:

	-mode plain|nop|static|vimage
		the build that is looked at: see vimagegen help build. The default is that with images.
	-binary FILE
		look at an executable, built in whichever way. The plan is made of the main package
		that it names, in the working directory's module; Go files must be named.
	-tests
		with the packages' tests.
	-json
		print one object: packages; symbols, each with package, name, memory, size, class,
		reason and place; totals by class; made, the toolchain's by kind; same.
*/
package main
