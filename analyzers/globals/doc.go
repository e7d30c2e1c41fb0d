// Package globals defines an analyzer that reports package-level variables that change after initialisation, each
// with the chain of reasons: where it is written, and how the reference got there.
//
// What comes in is one package, and what is known of the functions that it imports (package mutation). An
// unexported variable is judged by the package alone; of an exported one an importer may know more, so a write to
// another package's variable is reported where it is done. What of the standard library is per image in the builds that
// vimagegen drives (os.Args and its like) is not reported: that it is one in committed builds, package crossing says.
//
// A variable is not reported for being handed to something unknown: an interface's method, a function value.
// vimagegen report, which sees the whole program, tells what becomes of it.
//
// The author's words are honoured: //vimage:virtual and //vimage:shared REASON above a declaration silence the report; but
// a variable that is called shared and is written all the same is a contradiction, and reported as that. Directives that
// make no sense are reported too.
//
// Rules: mutable (a variable of this package changes), foreign-write (another package's variable is written here),
// contradiction, directive.
package globals
