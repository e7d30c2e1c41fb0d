// Package gen turns a program into its virtualised form: it loads it over the base overlay, plans
// the fate of every package-level variable, rewrites the files and emits the generated ones.
//
// Data flows one way, and nothing is written but a work folder that is gone when [Generate]
// returns: the result is a set of files by their author's paths, which gen/workspace shows to the go command.
// [Analyze] stops behind the plan, of which gen/report tells.
//
//	gen/goroot     what differs in the standard library in every build (the base overlay)
//	gen/load       the program: syntax and types
//	gen/plan       what is virtual, and why
//	gen/verdicts   results of the proof that still hold
//	gen/report     the plan, as text, JSON and a page
//	gen/rewrite    the author's files, edited
//	gen/emit       the generated files
//	gen/identity   two builds, compared function by function
//	gen/nm         what was built, compared with the plan
package gen
