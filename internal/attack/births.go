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
	}
}
