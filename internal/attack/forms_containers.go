package attack

// containers are the language's types that need no declaration.
func containers() []form {
	slice := form{
		typ: "[]T", key: never,
		in: []string{
			`Y := []T{X}`,
			`Y := []T{0: X, 3: X}[:1]`,
			`Y := make([]T, 2, 3); Y[0] = X`,
			`Y := make([]T, 1); for i := range Y { Y[i] = X }`,
			`Y := make([]T, 1); _p := &Y[0]; *_p = X`,
			`Y := make([]T, 1); copy(Y, []T{X})`,
			`var Y []T; Y = append(Y, X)`,
			`_s := make([]T, 1); Y := append(_s[:0:0], X)`,
			`_s := []T{X}; Y := append([]T(nil), _s...)`,
			`_a := [3]T{X}; Y := _a[:]`,
			`Y := (&[2]T{X})[:1:1]`,
			`+ func _put(s []T, x T) { s[0] = x }
			 Y := make([]T, 1); _put(Y, X)`,
			`+ func _grow(s *[]T, x T) { *s = append(*s, x) }
			 var Y []T; _grow(&Y, X)`,
			`+ func _these(xs ...T) []T { return xs }
			 Y := _these(X)`,
			`+ func _these[U any](xs ...U) []U { return xs }
			 Y := _these(X)`,
			`+ func _push[S ~[]U, U any](s *S, x U) { *s = append(*s, x) }
			 var Y []T; _push(&Y, X)`,
		},
		out: []string{
			`Y := X[0]`,
			`Y := X[:1:1][len(X[:1])-1]`,
			`var Y T; for _, e := range X[:1] { Y = e }`,
			`_p := &X[0]; Y := *_p`,
			`Y := (*[1]T)(X)[0]`,
			`_a := [1]T(X[:1]); Y := _a[0]`,
			`var _a [1]T; copy(_a[:], X); Y := _a[0]`,
			`Y := append([]T{}, X...)[0]`,
			`_s := make([]T, 1); copy(_s, X); Y := _s[0]`,
			`+ func _first(xs ...T) T { return xs[0] }
			 Y := _first(X...)`,
			`+ func _first[S ~[]U, U any](xs S) U { return xs[0] }
			 Y := _first(X)`,
			`+ func _all(xs []T) func(func(int, T) bool) { return func(yield func(int, T) bool) { for i, x := range xs { if !yield(i, x) { return } } } }
			 var Y T; for i, e := range _all(X) { if i == 0 { Y = e } }`,
			`+ func _fold[U, A any](xs []U, a A, f func(A, U) A) A { for _, x := range xs { a = f(a, x) }; return a }
			 var _z T; Y := _fold(X[:1], _z, func(_, x T) T { return x })`,
			`+ func _keep[U any](xs []U, f func(U) bool) (out []U) { for _, x := range xs { if f(x) { out = append(out, x) } }; return }
			 Y := _keep(X, func(T) bool { return true })[0]`,
		},
	}
	return []form{
		slice,
		{
			typ: "[2]T", key: asElem,
			in: []string{
				`Y := [2]T{X}`,
				`Y := [...]T{1: X, 0: X}`,
				`var Y [2]T; Y[0] = X`,
				`var Y [2]T; _s := Y[:]; _s[0] = X`,
			},
			out: []string{
				`Y := X[0]`,
				`_a := X; Y := _a[:][0]`,
				`var Y T; for i, e := range X { if i == 0 { Y = e } }`,
				`+ func _first(a [2]T) T { return a[0] }
				 Y := _first(X)`,
			},
		},
		{
			typ: "*[2]T",
			in: []string{
				`Y := &[2]T{X}`,
				`Y := new([2]T); Y[0] = X`,
				`Y := (*[2]T)([]T{X, X})`,
				`Y := (*[2]T)(make([]T, 2)); copy(Y[:], []T{X})`,
			},
			out: []string{
				`Y := X[0]`,
				`Y := X[:][0]`,
				`_a := *X; Y := _a[0]`,
				`var Y T; for i, e := range X { if i == 0 { Y = e } }`,
				`var Y T; for i := range X { if i == 0 { Y = X[i] } }`,
			},
		},
		{
			typ: "map[string]T", key: never,
			in: []string{
				`Y := map[string]T{"k": X}`,
				`Y := map[string]T{}; Y["k"] = X`,
				`Y := make(map[string]T, 1); for _, k := range []string{"k"} { Y[k] = X }`,
				`+ func _put(m map[string]T, x T) { m["k"] = x }
				 Y := make(map[string]T); _put(Y, X)`,
				`+ func _put[M ~map[K]U, K comparable, U any](m M, k K, x U) M { m[k] = x; return m }
				 Y := _put(map[string]T{}, "k", X)`,
				`Y := map[string]T{}; Y["k"], _ = X, 0`,
			},
			out: []string{
				`Y := X["k"]`,
				`Y, _ := X["k"]`,
				`var Y T; for _, e := range X { Y = e }`,
				`var Y T; for k := range X { Y = X[k] }`,
				`+ func _look(m map[string]T) (x T, ok bool) { x, ok = m["k"]; return }
				 Y, _ := _look(X)`,
				`+ func _look[K comparable, U any](m map[K]U, k K) U { if x, ok := m[k]; ok { return x }; panic("none") }
				 Y := _look(X, "k")`,
			},
		},
		{
			typ: "map[T]bool", key: never,
			ok: func(t *typ) bool { return t.key },
			in: []string{
				`Y := map[T]bool{}; Y[X] = true`,
				`Y := map[T]bool{X: true}`,
				`+ func _set[K comparable](ks ...K) map[K]bool { m := map[K]bool{}; for _, k := range ks { m[k] = true }; return m }
				 Y := _set(X)`,
			},
			out: []string{
				`var Y T; for e := range X { Y = e }`,
				`+ func _keys[K comparable, U any](m map[K]U) (ks []K) { for k := range m { ks = append(ks, k) }; return }
				 Y := _keys(X)[0]`,
				`var Y T; for Y = range X { break }`,
			},
		},
		{
			typ: "map[_K]int", key: never,
			top: `+ type _K struct { a int; elem T; b [1]*T }`,
			ok:  func(t *typ) bool { return t.key },
			in: []string{
				`Y := map[_K]int{{elem: X}: 1}`,
				`Y := map[_K]int{}; Y[_K{elem: X}]++`,
				`var _k _K; _k.elem = X; Y := make(map[_K]int); Y[_k] = 1`,
			},
			out: []string{
				`var Y T; for k := range X { Y = k.elem }`,
				`var _k _K; for _k = range X { }; Y := _k.elem`,
			},
		},
		{
			typ: "chan T",
			in: []string{
				`Y := make(chan T, 1); Y <- X`,
				`Y := make(chan T, 1); select { case Y <- X: default: }`,
				`+ func _send(c chan<- T, x T) { c <- x }
				 Y := make(chan T, 1); _send(Y, X)`,
				`Y := make(chan T); go func() { Y <- X }()`,
			},
			out: []string{
				`Y := <-X`,
				`Y, _ := <-X`,
				`var Y T; select { case Y = <-X: }`,
				`var Y T; for Y = range X { break }`,
				`_c := (<-chan T)(X); Y := <-_c`,
				`_b := [1]chan T{X}; var Y T; select { case e, ok := <-_b[0]: if ok { Y = e } }`,
				`+ func _recv[U any](c <-chan U) U { return <-c }
				 Y := _recv(X)`,
			},
		},
		{
			typ: "chan chan T",
			in: []string{
				`_c := make(chan T, 1); _c <- X; Y := make(chan chan T, 1); Y <- _c`,
				`_c := make(chan T, 1); Y := make(chan chan T, 1); Y <- _c; _c <- X`,
				`Y := make(chan chan T); go func() { _c := <-Y; _c <- X }()`,
			},
			out: []string{
				// The third way in waits for a channel to send on, the others
				// have one.
				`var Y T; _c := make(chan T, 1); select { case c := <-X: Y = <-c; case X <- _c: Y = <-_c }`,
			},
		},
		{
			typ: "*T",
			in: []string{
				`Y := new(T); *Y = X`,
				`Y := new(X)`,
				`_w := X; Y := &_w`,
				`_w := []T{X}; Y := &_w[0]`,
				`_w := &struct { a int; b [2]T }{}; Y := &_w.b[1]; _w.b[1] = X`,
				`+ func _store(p *T, x T) { *p = x }
				 Y := new(T); _store(Y, X)`,
				`+ func _ref[U any](x U) *U { return &x }
				 Y := _ref(X)`,
				`var Y *T; _q := &Y; *_q = new(T); **_q = X`,
			},
			out: []string{
				`Y := *X`,
				`_q := &X; Y := **_q`,
				`+ func _load(p *T) T { return *p }
				 Y := _load(X)`,
				`+ func _load[U any](p *U) (x U) { if p != nil { x = *p }; return }
				 Y := _load(X)`,
			},
		},
	}
}
