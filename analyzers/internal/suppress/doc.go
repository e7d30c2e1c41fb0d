// Package suppress reads the comments by which an author silences findings:
//
//	//nolint:NAME // why
//
// Input: a parsed file. Output: its comments, each with the lines that it
// silences: its own line, the statement or declaration that begins on its line,
// and the one that begins on the next line in the same column. At the package
// clause it silences the whole file. golangci-lint uses the same lines.
//
// NAME is an analyzer's name, or several with commas, or vimage for all. A
// comment without a reason silences nothing. A comment without a name is not
// one of ours.
package suppress
