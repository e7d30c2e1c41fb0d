package attack

// bases are the references through which the language writes.
func bases() []base {
	return []base{
		{
			typ: "*_N",
			top: `+ type _N struct { n int; next *_N }
				+ func (t *_N) put() { t.n = 1 }`,
			make: []string{`new(_N)`, `&_N{}`, `&[]_N{{}}[0]`},
			vars: []decl{
				{`+ var V _N`, `&V`},
				{`+ var V [2]_N`, `&V[1]`},
				{`+ var V struct { a int; t _N }`, `&V.t`},
				{`+ var V struct { a int; _N }`, `&V._N`},
				{`+ var V = []_N{{}}`, `&V[0]`},
				{`+ var V = new(_N)`, `V`},
				{`+ var V = map[string]*_N{"k": {}}`, `V["k"]`},
				{`+ var V any = &_N{}`, `V.(*_N)`},
				{`+ var V = &_N{next: &_N{}}`, `V.next`},
				{`+ var V, _, _ = _N{}, 1, 2`, `&V`},
				{`+ var V func() *_N
				  + func init() { t := new(_N); V = func() *_N { return t } }`, `V()`},
			},
			writes: plain(
				`X.n++`,
				`_p := &X.n; *_p = 1`,
				`X.put()`,
				`(*_N).put(X)`,
				`*X = _N{n: 1}`,
				`_w := &_N{n: 1}; *X, *_w = *_w, *X`,
				`func() { X.n++ }()`,
				`defer X.put()`,
				`_d := make(chan bool); go func() { defer close(_d); X.put() }(); <-_d`,
				`var _s interface { put() } = X; _s.put()`,
				`_f := X.put; _f()`,
				`for X.n = range 3 { }`,
				`for X.n = range func(yield func(int) bool) { yield(1) } { }`,
				`X.n, _ = any(1).(int)`,
				`_c := make(chan int, 1); _c <- 1; select { case X.n = <-_c: }`,
				`_m := map[int]int{1: 1}; for X.n, _ = range _m { }`,
				`+ func _set[U any](p *U, x U) { *p = x }
				 _set(&X.n, 1)`,
				`+ func _all[P interface { *U; put() }, U any](ps ...P) { for _, p := range ps { p.put() } }
				 _all(X)`,
				`_ps := []*int{&X.n}; *_ps[0] |= 4`,
				`func() { defer func() { X.n = recover().(int) }(); panic(1) }()`,
				`_s := (*struct { n int; next *_N })(X); _s.n = 1`,
				`_w := struct { *_N }{X}; _w.n = 1`,
			),
			changed: `X.n != 0`,
		},
		{
			typ: "[]_I", key: never,
			top:  `+ type _I int`,
			make: []string{`make([]_I, 3)`, `[]_I{0, 0, 0}`},
			vars: []decl{
				{`+ var V [3]_I`, `V[:]`},
				{`+ var V = []_I{0, 0, 0}`, `V`},
				{`+ var V = struct { s []_I }{make([]_I, 2, 4)}`, `V.s`},
				{`+ var V = map[bool][]_I{true: make([]_I, 3)}`, `V[true]`},
				{`+ var V *[3]_I
				  + func init() { V = new([3]_I) }`, `V[:2]`},
			},
			writes: plain(
				`X[0]++`,
				`copy(X, []_I{1})`,
				`_ = append(X[:0], 1)`,
				`for i := range X { _p := &X[i]; *_p = 1 }`,
				`(*[1]_I)(X)[0] = 1`,
				`_a := (*[2]_I)(X); for i := range _a { _a[i] = 1 }`,
				`_s := X[:1]; _s = append(_s[:0], 1, 2)`,
				`+ func _fill[S ~[]E, E ~int](s S, e E) { for i := range s { s[i] = e } }
				 _fill(X, 1)`,
				`+ func _fill(xs ..._I) { xs[0] = 1 }
				 _fill(X...)`,
				`X[0], X[1] = 1, X[0]`,
				`for X[0] = range 3 { }`,
			),
			changed: `X[0] != 0`,
		},
		{
			typ: "map[string]_I", key: never,
			top:  `+ type _I int`,
			make: []string{`map[string]_I{"b": 1}`},
			vars: []decl{
				{`+ var V = map[string]_I{"b": 1}`, `V`},
				{`+ var V map[string]_I
				  + func init() { V = map[string]_I{"b": 1} }`, `V`},
				{`+ var V = []map[string]_I{{"b": 1}}`, `V[0]`},
				{`+ var V = struct { m map[string]_I }{map[string]_I{"b": 1}}`, `V.m`},
			},
			writes: plain(
				`X["a"]++`,
				`delete(X, "b")`,
				`clear(X)`,
				`X["a"], _ = 1, 2`,
				`for X["a"] = range 3 { }`,
				`+ func _put[M ~map[K]U, K comparable, U any](m M, k K, u U) { m[k] = u }
				 _put(X, "a", 1)`,
				`_f := func(m map[string]_I) { delete(m, "b") }; _f(X)`,
				`defer delete(X, "b")`,
				`defer func() { recover(); clear(X) }(); panic(1)`,
			),
			changed: `len(X) != 1`,
		},
		{
			typ: "*_I", top: `+ type _I int`,
			make: []string{`new(_I)`, `&new([3]_I)[1]`},
			vars: []decl{
				{`+ var V _I`, `&V`},
				{`+ var V = [2][2]_I{}`, `&V[1][1]`},
				{`+ var V = struct { a, b _I }{}`, `&V.b`},
				{`+ var V, _other _I`, `&V`},
			},
			writes: plain(
				`*X++`,
				`_p := &X; **_p = 1`,
				`*X, _ = 1, 2`,
				`*X ^= 3`,
				`func(p *_I) { *p = 2 }(X)`,
				`_c := make(chan *_I, 1); _c <- X; *<-_c = 1`,
			),
			changed: `*X != 0`,
		},
		{
			// A variable that a closure has captured.
			typ: "(func() _I)", key: never, top: `+ type _I int`,
			make: []string{
				`func() func() _I { var n _I; return func() _I { n++; return n } }()`,
				`func() func() _I { p := new(_I); return func() _I { *p++; return *p } }()`,
			},
			vars: []decl{
				{`+ var V _I`, `func() _I { V++; return V }`},
				{`+ var V = func() func() _I { var n _I; return func() _I { n++; return n } }()`, `V`},
			},
			writes:  plain(`X()`, `defer X()`, `_f := X; _f()`, `_ = append([]_I{}, X())`),
			changed: `X() > 1`,
		},
		{
			typ: "chan _I", top: `+ type _I int`,
			make: []string{`make(chan _I, 2)`},
			vars: []decl{
				{`+ var V = make(chan _I, 2)`, `V`},
				{`+ var V = []chan _I{make(chan _I, 2)}`, `V[0]`},
			},
			writes:  plain(`X <- 1`, `select { case X <- 1: default: }`, `_c := (chan<- _I)(X); _c <- 1`),
			changed: `len(X) != 0`,
		},
	}
}
