package plan

import "go/token"

// A Step is one link of the chain of reasons for a fate: what happens, and where.
type Step struct {
	Pos  token.Position // zero if the step has no place
	Text string         // "written in reload", "through the map that Keys returns"
}

// A Use is one place where a function reads or writes a variable.
type Use struct {
	Pos  token.Position
	Func string // "Func", "(*T).Method", "init", or "" outside of functions
	Pkg  string // import path of the function's package
}
