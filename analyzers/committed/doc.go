// Package committed defines an analyzer for those who use packages with
// committed builds (vimagegen generate) and have none themselves.
//
// # Analyzer committed
//
// committed: report what a build with -tags vimage cannot compile, or shares
//
// Input: one package, and facts about the packages that it imports: which
// accessors they have, and which of their variables change. Output: findings in
// packages that have a committed build, or import such a package, directly or
// not. Other packages have none.
//
// A package has a committed build if it has a file zz_vnet.go. An accessor is a
// function V_X without parameters that returns *T, where X is an exported
// variable of type T in the same package.
//
// Limits: a driver that does not say which modules packages are of gets no
// findings of rule not-adopted. Packages that only tests import are left out
// there. A variable is listed if package mutation sees that it changes by its
// own package's code; vimagegen generate, which plans the program, may list
// more and others.
//
// # accessor
//
// The package mentions a variable of another package that is virtual there. The
// vimage build of that package has no variable of this name. Its accessor
// returns the variable's address in both builds. vimagegen vet -fix changes
// mentions to calls. There is no fix where the mention is in a constant, such
// as len(p.Array).
//
// Before:
//
//	logging.Level = logging.Debug
//	logging.Default.Flush()
//
// After:
//
//	*logging.V_Level() = logging.Debug
//	(*logging.V_Default()).Flush()
//
// # not-adopted
//
// The package imports a package of another module. That one has no committed
// build, and a variable that changes: in a build with -tags vimage all images
// share it. A word in vimage.settings silences the finding.
//
// Before:
//
//	import "example.com/counter" // has var n int, which counter.Next increments
//
// After: the counter's module adopts committed builds, or the program is built
// by vimagegen build, which rewrites all packages, or a line in
// vimage.settings:
//
//	shared example.com/counter.n one count for all images is meant
package committed
