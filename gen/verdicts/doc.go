// Package verdicts keeps results of the whole-program proof between runs, and
// finds the one that holds for a program whose constraints are unchanged.
//
// Input: a loaded program, the input of [proof.Analyze] that was made of it, and
// a [Store]. Output: the result that proof.Analyze returns for them. The key in
// the store is a hash of all that the proof reads:
//
//   - of a package of the standard library or of another module's version, the
//     bytes of its files;
//   - of any other package, the tokens of its files in a canonical form: without
//     comments and layout, local variables by number, and without the values of
//     those constants that no constraint depends on (see canonical.go);
//   - the packages' names, modules, language versions and order;
//   - the rest of proof.Input, its functions by their values.
//
// So a comment, gofmt, a renamed local variable or another text in
//
//	log.Print("listening")
//
// leaves the key as it is, and the stored result is used; any other edit has the
// program proved anew. Positions in a result are stored as the number of a token
// in its file, which the edit has left in its place in the sequence of tokens.
//
// This is the early cutoff of build systems (Mokhov, Mitchell, Peyton Jones:
// Build Systems à la Carte, 2018), applied to one task.
//
// # Limits
//
// Committed builds are always proved anew. Files with cgo count by their bytes,
// and so do those that the cgo command makes. A result in which a position is
// not that of a token is not kept.
package verdicts
