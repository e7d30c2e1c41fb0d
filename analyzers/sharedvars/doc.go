// Package sharedvars defines an analyzer that checks the declarations of shared
// pages (package runtime/vdso/page), and reads them for gen/pages.
//
// # Analyzer sharedvars
//
// sharedvars: report declarations of shared pages that cannot be published
//
// Input: one package with its //vimage:shared_page and //vimage:vdso comments,
// and the file NAME.abi of each page beside the source, which vimagegen
// generate writes and the author commits. Output: findings. [Read] and
// [Page.Merge] return the same for the generator.
//
// A page's struct has fields of these types, or of types of the package whose
// underlying type is one of them:
//
//	bool, int8 to int64, uint8 to uint64, float32, float64
//	[N]T               of those
//	string             with a tag that gives its capacity: `vdso:"cap=32"`
//
// A field's tag may name a function of the package that returns the field's
// value where there is no page: `vdso:"fallback=readHost"`.
//
// Limits: go vet does not look at an .abi file that changed when it decides
// whether a package's result is still valid; vimagegen generate does.
//
// # field-type
//
// A field has a type without a layout of its own, or with one that depends on
// the platform.
//
// Before:
//
//	//vimage:shared_page tick version=1.0
//	type Tick struct {
//		Count int
//		Host  string
//	}
//
// After:
//
//	//vimage:shared_page tick version=1.0
//	type Tick struct {
//		Count int64
//		Host  string `vdso:"cap=64"`
//	}
//
// # field-changed
//
// A field was removed, or has another type than in the .abi file, and the
// version is the same. Readers of this version exist, and look for the field.
//
// Before: Count int64 becomes Count uint64 in version=1.0. After: version=1.1.
//
// # page-function
//
// A function with //vimage:vdso has no page as its first parameter, writes to
// it, or its fallback has another type.
//
// Before:
//
//	//vimage:vdso fallback=slowRate
//	func rate(t *Tick, n int) float64 { return float64(t.Count) / float64(n) }
//
//	func slowRate() float64
//
// After:
//
//	func slowRate(n int) float64
package sharedvars
