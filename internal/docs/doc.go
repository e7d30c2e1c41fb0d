// Package docs tests the pages for readers of this repository: README.md,
// ARCHITECTURE.md, CONTRIBUTING.md and gen/goroot/PORTING.md.
//
// Each path that a page names has to be a file or folder of the tree or of
// GOROOT, and each test that it names has to exist. The README's examples are
// run, and what they print is compared with what the README shows.
//
// Limits: a path counts as existing if a path of the tree ends in it, so that
// "testdata/x.txt" may stand for a file of the package that a paragraph is
// about.
package docs
