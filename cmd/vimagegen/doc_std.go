/*
# Std: which variables of the standard library an image has its own of

In the builds that vimagegen drives, an image has its own of the standard library's package-level
variables that the program changes. It changes one

	by assigning it                          time.Local = zone
	by changing what it refers to            unicode.Scripts["x"] = table
	by calling a function that writes it     rpc.Register(node)

and the proof finds that for each program, as it does for the program's own variables. What the
standard library's other initialisers make of such a variable is the image's own too: the handlers
that net/http/pprof registers when it is initialised are in each image's http.DefaultServeMux.

Shared by all images are those variables whose change no image can tell (caches, pools, what is
computed once and is the same for all), and those that stand for what the machine or the process has
one of: its files, limits, environment, signals and profiles. The table of them all, with a reason
each, is analyzers/stdstate/table.txt of the tool's module.

Refused, if the program changes them, are the variables of package runtime and of what the runtime
imports: runtime.MemProfileRate = 1. A line in vimage.settings allows it:

	shared  runtime.MemProfileRate  each instance wants the same

With -slot label, time.Local is refused too: timers, which send times, run in no image there.

A committed build has one of each for all images. Vimagegen vet says where that matters.
*/
package main
