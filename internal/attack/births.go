package attack

// births are ways to declare a variable whose value initialisation makes; X is a call of the function that does, T its result.
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
	}
}
