// Package pages generates the publishers and readers of shared pages.
//
// Input of [Files]: the Go files of one package, with //vimage:shared_page and
// //vimage:vdso comments (analyzers/sharedvars), and the package's .abi files.
// Output: for a page tick of a struct Tick
//
//	zz_page_tick.go    TickPublisher, TickReader
//	tick.abi           each variable with its type and the version since which it
//	                   has that type; to be committed
//
// A TickReader has a method for each field and for each function:
//
//	func (r *TickReader) Count() (v uint64, ok bool)    field Count uint64
//	func (r *TickReader) Host() string                  field with a fallback
//	func (r *TickReader) Rate(n int) float64            func rate(t *Tick, n int) float64
//
// A scalar is read by one load. Anything else, and what a function uses, is
// read from one generation. Each variable is looked up by name, type and
// version when a page is attached (runtime/vdso/page); what is not found falls
// back.
//
// The package is type-checked without its imports and without the generated
// files, because code of the package may use what is generated. So a page's
// types are basic ones and the package's own.
//
// A generated file has the same text in plain and in vimage builds: it has no
// variables. It has no sum, unlike the files of committed builds, and is always
// replaced.
package pages
