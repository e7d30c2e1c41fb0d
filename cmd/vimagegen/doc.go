/*
Vimagegen builds, runs and tests Go programs of which one process holds many images: each image
has its own copy of every package-level variable that is not proved immutable, of the program and
of all that it imports. The source stays as it is, and so does every file of yours.

Usage:

	vimagegen <verb> [arguments]

Run vimagegen help NAME for the page of a verb, a topic, an analyzer or a rule.

On a terminal, a command that takes longer than two seconds prints its current step on the standard
error, in one line that is erased at the end. Elsewhere, and with -json or -x, it prints none.
*/
package main
