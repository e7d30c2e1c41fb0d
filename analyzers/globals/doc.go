// Package globals defines an analyzer that reports package-level variables that
// change after initialisation.
//
// # Analyzer globals
//
// globals: report package-level variables that change after initialisation
//
// Input: one package, and facts about the functions that it imports (package
// mutation). Output: findings, each with the chain of reasons: where the
// variable is written, and how the reference got there.
//
// Why it matters: a process has one instance of such a variable. Two tests that
// run in parallel, two servers in one process, or a second call of main see
// each other's changes.
//
// An unexported variable is judged by its package alone. An importer may know
// more of an exported one, so a write to another package's variable is reported
// where it happens. A lock (sync.Mutex, sync.RWMutex, sync.Once) is reported
// with the variable that it guards.
//
// A variable that is mutable here is virtual in vimagegen report, because it
// changes; unless the program of the report never calls the code that changes
// it.
//
// A call of an interface's method counts as a write where it is plain what it
// runs: an unexported variable holds values of one type only, as in
//
//	var out io.Writer = new(bytes.Buffer)
//
// or all types that implement the interface, in its own package and in this
// one, write their receiver in that method, as Inc of a prometheus.Gauge does.
//
// Limits: a variable is not reported because it is passed to another method of
// an interface, or to a function value. vimagegen report sees the whole program
// and decides, so that it may call such a variable virtual. Assignments to
// variables of the standard library are left to crossing/std-variable.
//
// # mutable
//
// A variable of this package changes after initialisation. In vimagegen report
// it is virtual: each image has its own.
//
// Before:
//
//	var stock = map[string]int{}
//
//	func Buy(item string) { stock[item]-- }
//
// After: the state is in a value, and who needs two has two.
//
//	type Shop struct{ stock map[string]int }
//
//	func (s *Shop) Buy(item string) { s.stock[item]-- }
//
// Or the variable stays and each image has its own:
//
//	//vimage:virtual
//	var stock = map[string]int{}
//
// # foreign-write
//
// This package changes a variable of another package. All users of that package
// see the change.
//
// Before:
//
//	http.DefaultClient.Timeout = time.Second
//
// After:
//
//	client := &http.Client{Timeout: time.Second}
//
// # contradiction
//
// A variable is marked //vimage:shared, but it changes. One image then sees
// what another writes.
//
// Before:
//
//	//vimage:shared a table that is only read
//	var names = map[int]string{}
//
//	func Add(n int, s string) { names[n] = s }
//
// After: either the directive goes, or the write does.
//
//	var names = map[int]string{}
//
// # directive
//
// A comment that begins with //vimage: has no effect: the word is misspelt, is
// above something that it cannot describe, or lacks its reason.
//
// Before:
//
//	//vimage:sharde a table
//	var names = map[int]string{}
//
// After:
//
//	//vimage:shared a table that is only read
//	var names = map[int]string{}
package globals
