/*
# Schema: what report -json prints

Report -json prints one object:

	version      1; raised when a field changes its meaning or goes. Fields may be added without
	fate         the fate that the list is limited to by -fate
	roots        import paths of the packages that were named
	tests        whether tests are part of the program
	word_bytes   size of a pointer on the platform that the sizes are for
	totals       counts of all listed packages, and standard_image_bytes: bytes that an image has
	             of standard packages that are not listed
	packages     by path: path, module, version, standard, and counts
	variables    by package, file and position

Counts are variables, virtual, shared, refused, and image_bytes: the bytes that each image has of
them, padding included, what they refer to not.

A variable has:

	package, name   its full name is package.name
	kind            "go", or "c" for a variable of C code, of which only the place and reason are known
	type, size      its type as its package spells it, and bytes
	fate            "virtual", "shared" or "refused"
	start           of a virtual one: "replay", its initialiser runs in every image; or "template",
	                an image's begins as a copy of the process's
	test            true if a test file declares it
	place           where it is declared
	reason          one line
	chain           the steps of the reason, from the fate to its cause: text and place
	writes          who writes it: place, function, package, and how: "assigned", "through" (what it
	                refers to changes) or "address" (who has the address may write)
	reads           who reads it: place, function, package

A place has module, version, file (in the module), line and column. The standard library is the
module std. Function is "F", "T.M" or "(*T).M". What is false, zero or unknown may be absent.
*/
package main
