package types

import "time"

//vimage:shared_page types version=1.0
type Types struct {
	A int            // want `Types.A: the size of int depends on the platform: want int32 or int64`
	B uint           // want `Types.B: the size of uint depends on the platform`
	C uintptr        // want `Types.C: uintptr is an address`
	D *int32         // want `Types.D: \*int32 has no layout of its own`
	E []int32        // want `Types.E: \[\]int32 has no layout of its own`
	F map[int]int    // want `Types.F: map\[int\]int has no layout`
	G string         // want `Types.G: a string needs a capacity`
	H [2]string      `vdso:"cap=3"` // want `Types.H: an array of strings`
	I struct{ A int8 } // want `Types.I: struct{A int8} has no layout`
	J complex64      // want `Types.J: complex64 is not known to readers in C`
	K time.Duration  // want `Types.K: Duration is not a type of this package`
	L [2][2]int8     // want `Types.L: \[2\]\[2\]int8 has no layout`
	M int8           `vdso:"cap=3"` // want `Types.M: only a string has a capacity`
	N string         `vdso:"cap=0"` // want `Types.N: capacity "0"`
	O string         `vdso:"size=1"` // want `Types.O: tag "size=1": want cap=BYTES or fallback=FUNC`
	P int8           `vdso:"fallback=none"` // want `Types.P: fallback none is no function of the package`
	Q int8           `vdso:"fallback=q"` // want `Types.Q: fallback q is a func\(\) int16: want func\(\) int8`
	Close int8       // want `Types.Close: a variable cannot have this name`
	_ int8           // want `Types._: a variable cannot have this name`
}

func q() int16 { return 0 }

type embedded struct{}

//vimage:shared_page embeds version=1.0
type Embeds struct {
	embedded // want `Embeds: an embedded field has no name in the page`
}

//vimage:shared_page number version=1.0
type Number int // want `Number cannot be a shared page: want a struct without type parameters`

//vimage:shared_page generic version=1.0
type Generic[T any] struct{ A int8 } // want `Generic cannot be a shared page`

//vimage:shared_page empty version=1.0
type Empty struct{} // want `Empty: no variables`

//vimage:shared_page bad version=1.x
type Bad struct{ A int8 } // want `Bad: A has version "1.x", the page "1.x"`

//vimage:shared_page twice version=1.0
type One struct{ A int8 }

//vimage:shared_page twice version=1.0
type Two struct{ A int8 } // want `Two: One has the page name twice too`
