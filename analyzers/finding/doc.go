// Package finding filters the findings of vimage's analyzers, and gives each a
// key, under any driver of go/analysis.
//
// Input: an analyzer's run function. Output: a run function that does both:
//
//	var Analyzer = &analysis.Analyzer{Name: "globals", Run: finding.Run(run), ...}
//
// The key is rule, package and object. A baseline stores it, and it stays the
// same when lines move. The analyzer calls pass.Report with the rule as the
// diagnostic's Category, and the object is the declaration around the
// diagnostic's position. An analyzer that knows better, such as globals, which
// reports a variable where a function writes it, calls Category(rule, object).
// Category is the only field that all drivers pass to their output.
//
// The filter drops findings silenced by //nolint:NAME // why, findings in
// generated files, and findings outside the main module (the standard library,
// and modules at a version). It does not change facts.
//
// Limits: fixes are dropped in files with line directives, such as cgo's,
// because the offsets are not those of the author's file.
package finding
