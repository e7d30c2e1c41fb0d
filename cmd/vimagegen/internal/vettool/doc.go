// Package vettool implements the protocol of go vet -vettool=vimagegen.
//
// Input: one of three command lines. Output: what the go command expects for
// it:
//
//	vimagegen -V=full         a line that identifies all that the results depend on
//	vimagegen -flags          the flags of the analyzers, as JSON
//	vimagegen [flags] x.cfg   the findings and facts of one package
//
// The go command caches results under that line, the flags and the package. So
// the line hashes the program itself, the vimage.settings of each module on
// disk (main modules and those that a replace directive names by a folder), and
// the baseline that VIMAGE_BASELINE names. The path of the baseline is
// absolute, because the go command asks for the line in the user's folder, and
// for findings in the folder of each package.
//
// Invalid settings and baselines are errors of -V=full, before any package is
// analysed.
package vettool
