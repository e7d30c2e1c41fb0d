// Package suppress reads the comments by which an author silences findings:
//
//	//nolint:NAME // why
//
// NAME is an analyzer's name, or several with commas between them, or vimage
// for all of ours. In comes a parsed file; out go its comments, each with the
// lines that it speaks of: its own, those of a statement or declaration that
// begins on its line, and those of one that begins on the next line in the same
// column. Above or beside the package clause it speaks of the whole file. That
// is what golangci-lint takes such a comment for too.
//
// A comment that gives no reason silences nothing. One without a name speaks to
// other tools, not to us: it may have stood there before we came.
package suppress
