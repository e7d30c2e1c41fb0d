// Package vettool is the side of vimagegen that the go command calls: go vet -vettool=vimagegen.
//
// In comes one of three command lines; out goes what the go command expects of
// a vettool:
//
//	vimagegen -V=full         a line that stands for all that the results depend on
//	vimagegen -flags          the flags of the analyzers, as JSON
//	vimagegen [flags] x.cfg   the findings and facts of one package
//
// The go command keeps results by that line, the flags and the package. So the line is made of the program itself, of the
// settings of each module that may have some (the main module, those of a workspace, those that stand in a folder by
// a replace directive), and of the baseline that the environment variable VIMAGE_BASELINE names, by an absolute path: the go
// command asks for the line where the user is, and for findings in each package's own folder.
//
// Settings and a baseline that make no sense fail at the line, before anything
// is looked at.
package vettool
