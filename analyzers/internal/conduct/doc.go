// Package conduct defines an analyzer that says what functions do with what
// they are handed: for each function, which parameters it keeps and where,
// which it writes through, and whether it uses a package-level variable that
// changes.
//
// Input: a package in SSA form and the facts of what it imports, the standard
// library included: that is read from its source, no function of it is known
// here by name, apart from those without a body. Output: a [Function] fact for
// each function that has any such conduct, a [Variable] fact for package-level
// variables that are shared by word or change, an [Origin] fact for the
// package, and a [Result] for analyzers of this package.
//
// It tells what surely can happen: calls through interfaces and function values
// are not followed, nor what is read back from where something was kept. What
// is put into a sync.Pool counts as not kept: whoever uses one takes care that
// nothing of the last use remains. Package globals has the proof; this is for
// findings that must not be wrong.
package conduct
