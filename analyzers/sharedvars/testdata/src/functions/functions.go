package functions

//vimage:shared_page p version=1.0
type P struct {
	A int64
	B [2]int64
}

func slow() int64 { return 0 }

//vimage:vdso fallback=slow
func NoPage(n int64) int64 { return n } // want `NoPage: its first parameter is no pointer to a shared page`

//vimage:vdso fallback=slow
func byValue(p P) int64 { return p.A } // want `byValue: its first parameter is no pointer`

//vimage:vdso fallback=slow
func nothing(p *P) {} // want `nothing returns nothing`

//vimage:vdso fallback=slow
func variadic(p *P, n ...int) int64 { return p.A } // want `variadic is variadic`

//vimage:vdso fallback=none
func noFallback(p *P) int64 { return p.A } // want `noFallback: fallback none is no function of the package`

//vimage:vdso fallback=slow
func otherType(p *P) int32 { return int32(p.A) } // want `otherType: fallback slow is a func\(\) int64: want func\(\) int32`

//vimage:vdso fallback=slow
func writes(p *P) int64 {
	p.A = 1    // want `writes writes to p.A`
	p.B[0]++   // want `writes writes to p.B`
	*p = P{}   // want `writes writes to the page`
	return p.A
}

//vimage:vdso fallback=slow
func a(p *P) int64 { return p.A } // want `a: the page's reader has another method A`

//vimage:vdso fallback=slow
func unused(p *P) int64 { return 0 } // want `unused reads nothing of the page`

//vimage:vdso fallback=slow
func once(p *P) int64 { return p.A }

//vimage:vdso fallback=slow
func Once(p *P) int64 { return p.A } // want `Once: the page's reader has another method Once`
