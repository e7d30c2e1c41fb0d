// Package finding holds what every analyzer of vimage does with a finding, in
// whatever driver it runs.
//
// In comes an analyzer's run function; out goes one whose findings are filtered
// and bear a key:
//
//	var Analyzer = &analysis.Analyzer{Name: "globals", Run: finding.Run(run), ...}
//
// The analyzer reports by pass.Report, as ever, with its rule as the
// diagnostic's Category, or with Category(rule, object) where it knows better
// what the finding is about than the declaration around its position tells: a
// variable that is written in a function, say. Rule, package and object are the
// key under which a baseline knows a finding when lines move; the drivers carry
// no other field than Category through to their output.
//
// What is not reported: findings silenced by //nolint:NAME // why; those in
// generated files; and those outside of the main module, which is the standard
// library and modules at a version. Facts are none of its business.
//
// Fixes are dropped where line directives stand between the author's file and
// what was parsed, as in cgo's files: the offsets are not the author's.
package finding
