/*
# Exit: what the exit statuses mean

The exit statuses of vimagegen:

	0    success
	1    findings; or the program, its build or its tests failed, as with the go command
	2    bad usage, or words about variables or a file of vet's that make no sense
	3    something was refused: it cannot be virtualised with its meaning kept
	4    a fault of vimagegen, or it could not do its work

A program that the go command builds as it is, and that does not build with images, is a fault of
vimagegen.
*/
package main
