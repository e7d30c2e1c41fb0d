// Package tamper tests the checker of package identity: it changes single
// things in real packages and sees whether each is found, and in the right
// place.
//
// Input: a package of Go files alone (no assembly, cgo or embedded files), a
// seed, and how many mutations of each [Kind] to make. Each is made by itself,
// as an edit of the text; the compiler is run on it, with the exports of the
// packages that it imports from the go command's cache; and the object is
// compared with that of the text as it is. Output: an [Outcome] for each.
//
// What does not compile is passed over, and another is taken. What is not found
// gets a second opinion: the compiler's own listings (-S) of both, without
// positions. Where these are the same, the mutation has no effect on the code,
// and is told apart; else the checker missed it.
package tamper
