/*
# Cache: what is kept, and where

Rewritten files, and copies of those modules of the module cache that have one, are kept in
vimage in the user's cache directory, or in VIMAGECACHE if that is set. Their names are made of
their contents, so that unchanged input builds nothing again; programs and runs share them.

What build, run, test and report made of a program is kept there too. It is used again if all that
decides it is the same: vimagegen itself, the command line, the go command's environment and
its list of the program's files, the contents of those in main modules, local replacements and
overlays, and the size and time of those in GOROOT and the module cache. Nothing is kept if a
file changes while it is read. The flag -a of the go command plans everything anew. A C header
outside of the package's folder that changes is not noticed, as by the go command itself.

It is also used again after an edit on which the plan does not depend: of comments, layout, and
most constants. Files of main modules that have such an edit are not parsed: what was done to
the file before is done to its new text. So after an edit of

	log.Print("listening on", addr)

nothing is loaded or planned. The flag -x prints a line that names the edited files. Directives,
names of local variables, and constants on which types depend are no such edits; nor is one that
moves a line which a message names. Package gen/cutoff lists what counts.

The go command's list is kept beside it, and go list runs again only if a file or folder changed
that decides the list. Package gen/listings says which do, and for which programs it runs always.

The proof of what changes takes most of the time of a first run. Its result is kept as well, and
holds until an edit changes something on which the proof depends. Names of local variables are not
among that, nor is what was said above: the program is loaded and rewritten, but not proved anew.
build, run, test, report, nm and identity share these results. The flag -x prints a line where one
is used, and -a neither uses nor keeps any. Package gen/verdicts says which constants count.

What has not been used for ten days is removed. Nothing needs the cache to persist.
*/
package main
