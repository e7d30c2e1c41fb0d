package attack

// births are ways to declare a variable whose value initialisation makes; X is
// a call of the function that does, T its result.
func births() []decl {
	return []decl{
		{`+ var V T = X`, `V`},
		{`+ var V = X`, `V`},
		{`+ var V T
		  + func init() { V = X }`, `V`},
		{`+ var V T
		  + func init() { p := &V; *p = X }`, `V`},
		{`+ var V, _ = func() (T, int) { return X, 1 }()`, `V`},
		{`+ var V = struct { a int; b T }{1, X}`, `V.b`},
		{`+ var V = []T{X}`, `V[0]`},
		{`+ var V [2]T
		  + func init() { for i := range V { if i == 1 { V[i] = X } } }`, `V[1]`},
		{`+ var V = map[string]T{"k": X}`, `V["k"]`},
		{`+ var V any = X`, `V.(T)`},
		{`+ var V *T
		  + func init() { x := X; V = &x }`, `*V`},
		{`+ var V = func() func() T { x := X; return func() T { return x } }()`, `V()`},
		{`+ var _first, V = 1, func() (x T) { defer func() { x = X }(); return }()`, `V`},
		{`+ type _kind struct{}
		  + func (_kind) get() T { return X }
		  + type _getter interface { get() T }
		  + func _run(g _getter) T { return g.get() }
		  + var _before = append([]int(nil), 1)
		  + var V = _run(_kind{})`, `V`},
		{`+ type _kind int
		  + func (_kind) get() T { return X }
		  + var V, _after = map[string]any{"k": _kind(1)}["k"].(interface { get() T }).get(), append([]int(nil), 1)`, `V`},
		{`+ type _kind struct{}
		  + func (_kind) get() T { return X }
		  + func _run[G interface { get() T }](g G) T { return g.get() }
		  + var V = _run(struct { a int; _kind }{1, _kind{}})`, `V`},
		{`+ var V = [...]any{1, X, "k"}[1].(T)`, `V`},
		{`+ var V = func() (x T) { defer func() { x, _ = recover().(T) }(); panic(X) }()`, `V`},
		{`+ var V = func() T { for x := range func(yield func(T) bool) { yield(X) } { return x }; panic("no value") }()`, `V`},
		{`+ var V = func() T { c := make(chan T, 1); select { case c <- X: default: }; return <-c }()`, `V`},
		{`+ var _once = sync.OnceValue(func() T { return X })
		  + var V = _once()`, `V`},
		{`+ var _makers = map[string]func() T{}
		  + func init() { _makers["k"] = func() T { return X } }
		  + var V T
		  + func init() { V = _makers["k"]() }`, `V`},
		// What the compiler lays out in part, may lay out, or copies.
		{`+ var V = &struct { a int; b T; c string }{a: 1, b: X, c: "k"}`, `V.b`},
		{`+ var V any = &struct { a int; b T }{b: X}`, `V.(*struct { a int; b T }).b`},
		{`+ var V = []*struct { a int; b T }{{a: 1}, 2: {2, X}}`, `V[2].b`},
		{`+ type _w struct { a int; b T }
		  + var V = _w(struct { a int; b T }{1, X})`, `V.b`},
		{`+ func _make(x T) *struct { a int; b T } { return &struct { a int; b T }{1, x} }
		  + var V = _make(X)`, `V.b`},
		{`+ func _make[E any](x E) *struct { a int; b E } { return &struct { a int; b E }{1, x} }
		  + func _again[E any](x E) any { return _make(x) }
		  + var V = _again(X).(*struct { a int; b T })`, `V.b`},
		{`+ var _from = X
		  + var V = _from`, `V`},
		{`+ type _looker struct{}
		  + func (_looker) get() bool { return V != nil && V.a == 1 }
		  + var _look interface { get() bool } = _looker{}
		  + var _saw = _look.get()
		  + var V = &struct { a int; b T }{a: 1, b: X}`, `V.b`},
	}
}
