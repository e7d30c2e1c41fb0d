package plan

import "go/token"

// A Step is one link of the chain of reasons for a fate: what happens, and
// where.
type Step struct {
	Pos  token.Position // zero if the step has no place
	Text string         // "written in reload", "through the map that Keys returns"
}

// A How says what a place does with a variable.
type How string

const (
	Read     How = "read"     // its value, or a part of it, is used
	Assigned How = "assigned" // it, or a part that lies in it, gets a value; x += 1 and x++ too
	Through  How = "through"  // memory that it refers to changes, or has its address taken, in the same statement: m[k] = v, p.f = v, delete(m, k), &s[0]
	Address  How = "address"  // by &, a pointer method, or slicing an array: whoever has the address may write
)

// A Use is one place where a function reads or writes a variable.
type Use struct {
	Pos  token.Position
	How  How
	Func string // "Func", "(*T).Method", "init", or "" outside of functions
	Pkg  string // import path of the function's package
}
