package attack

// declared are structs, interfaces, and types with methods.
func declared() []form {
	const methods = `+ type _S struct { A int; elem T; Ptr *T }
		+ func (s _S) get() T { return s.elem }
		+ func (s *_S) set(x T) { s.elem = x }
		+ func (s *_S) addr() *T { return &s.elem }
		`
	return []form{
		{
			typ: "_S", top: methods, key: asElem,
			in: []string{
				`Y := _S{elem: X}`,
				`var Y _S; Y.elem = X`,
				`var Y _S; Y.set(X)`,
				`var Y _S; (*_S).set(&Y, X)`,
				`var Y _S; *Y.addr() = X`,
				`var Y _S; _f := Y.set; _f(X)`,
				`_s := struct { A int; elem T; Ptr *T }{elem: X}; Y := _S(_s)`,
			},
			out: []string{
				`Y := X.elem`,
				`Y := X.get()`,
				`Y := _S.get(X)`,
				`_c := X; Y := *_c.addr()`,
				`_g := X.get; Y := _g()`,
				`_a := []_S{X}; _b := _a[0]; Y := _b.elem`,
				`Y := struct { A int; elem T; Ptr *T }(X).elem`,
			},
		},
		{
			typ: "*_S", top: methods,
			in: []string{
				`Y := &_S{elem: X}`,
				`Y := new(_S); Y.set(X)`,
				`Y := new(_S); Y.elem = X`,
				`Y := new(_S); *Y = _S{elem: X}`,
				`Y := new(_S); *Y.addr() = X`,
				`Y := &[]_S{{elem: X}}[0]`,
				`_w := &struct { b int; s _S }{s: _S{elem: X}}; Y := &_w.s`,
				`Y := new(_S); _w := _S{elem: X}; *Y, _w = _w, *Y`,
			},
			out: []string{
				`Y := X.elem`,
				`Y := X.get()`,
				`Y := (*_S).get(X)`,
				`Y := *X.addr()`,
				`_c := *X; Y := _c.elem`,
				`_p := &X.elem; Y := *_p`,
				`_c := *X; Y := (&_c).get()`,
				`var _i interface { get() T } = X; Y := _i.get()`,
				`_g := (*_S).addr; Y := *_g(X)`,
			},
		},
		{
			typ: "*_E", top: methods + `+ type _E struct { b int; _S }`,
			in: []string{
				`Y := &_E{_S: _S{elem: X}}`,
				`Y := new(_E); Y.set(X)`,
				`Y := new(_E); _w := &Y._S; _w.elem = X`,
				`Y := new(_E); (*_E).set(Y, X)`,
			},
			out: []string{
				`Y := X.elem`,
				`Y := X.get()`,
				`Y := *X.addr()`,
				`Y := X._S.get()`,
				`var _i interface { get() T } = X; Y := _i.get()`,
				`var _i interface { get() T } = *X; Y := _i.get()`,
			},
		},
		{
			typ: "_E", top: methods + `+ type _E struct { b int; *_S }`,
			in: []string{
				`Y := _E{_S: &_S{elem: X}}`,
				`Y := _E{_S: new(_S)}; Y.set(X)`,
				`var Y _E; Y._S = new(_S); Y.elem = X`,
			},
			out: []string{
				`Y := X.elem`,
				`_f := X.get; Y := _f()`,
				`Y := _E.get(X)`,
				`_c := X; _d := *_c._S; Y := _d.elem`,
			},
		},
		{
			typ: "[]_R", key: never, top: `+ type _R struct { a int; elem T }`,
			in: []string{
				`Y := []_R{{elem: X}}`,
				`Y := make([]_R, 1); Y[0].elem = X`,
				`Y := append([]_R(nil), _R{elem: X})`,
			},
			out: []string{
				`Y := X[0].elem`,
				`var Y T; for _, e := range X { Y = e.elem }`,
				`_p := &X[0]; Y := _p.elem`,
				`_p := &X[0].elem; Y := *_p`,
			},
		},
		{
			typ: "map[int]_R", key: never, top: `+ type _R struct { a int; elem T }`,
			in:  []string{`Y := map[int]_R{1: {elem: X}}`, `Y := map[int]_R{}; Y[1] = _R{elem: X}`},
			out: []string{`Y := X[1].elem`, `var Y T; for _, e := range X { Y = e.elem }`},
		},
		{
			typ: "any", key: asElem,
			in: []string{`var Y any = X`, `Y := any(X)`, `Y := []any{X}[0]`, `Y := any(any(X))`},
			out: []string{
				`Y := X.(T)`,
				`Y, _ := X.(T)`,
				`var Y T; switch e := X.(type) { case int, string: _ = e; case T: Y = e }`,
				`+ func _as[U any](x any) U { return x.(U) }
				 Y := _as[T](X)`,
				`var Y T; if e, ok := X.(T); ok { Y = e }`,
			},
		},
		{
			typ: "any", top: `+ type _B struct { a int; elem T }`, key: never,
			in: []string{`var Y any = _B{elem: X}`, `var Y any = &_B{elem: X}`, `var Y any; _p := &Y; *_p = _B{elem: X}`},
			out: []string{
				`var Y T; switch e := X.(type) { case _B: Y = e.elem; case *_B: Y = e.elem }`,
				`+ func _take(x any) T { if e, ok := x.(*_B); ok { return e.elem }; return x.(_B).elem }
				 Y := _take(X)`,
			},
		},
		{
			typ: "_I", key: asElem,
			top: `+ type _I interface { get() T }
				+ type _V struct { elem T }
				+ func (v _V) get() T { return v.elem }`,
			in: []string{`var Y _I = _V{elem: X}`, `Y := _I(_V{elem: X})`, `Y := any(_V{elem: X}).(_I)`, `var _j interface { get() T } = &_V{elem: X}; Y := _I(_j)`},
			out: []string{
				`Y := X.get()`,
				`_g := X.get; Y := _g()`,
				`Y := _I.get(X)`,
				`var Y T; switch e := X.(type) { case _V: Y = e.elem; case *_V: Y = e.elem }`,
			},
		},
		{
			typ: "_I",
			top: `+ type _I interface { get() T }
				+ type _V struct { elem T }
				+ func (v *_V) get() T { return v.elem }`,
			in:  []string{`var Y _I = &_V{elem: X}`, `_v := new(_V); var Y _I = _v; _v.elem = X`},
			out: []string{`Y := X.get()`, `Y := X.(*_V).elem`, `_v := *X.(*_V); Y := _v.get()`, `Y := X.(interface { get() T }).get()`},
		},
		{
			// An interface that embeds one, in a struct that embeds it.
			typ: "_J",
			top: `+ type _I interface { get() T }
				+ type _J interface { _I; Other() int }
				+ type _V struct { elem T }
				+ func (v *_V) get() T { return v.elem }
				+ type _W struct { _I }
				+ func (_W) Other() int { return 1 }`,
			in:  []string{`var Y _J = _W{_I: &_V{elem: X}}`, `var Y _J = &_W{_I: &_V{elem: X}}`, `_w := _W{}; _w._I = &_V{elem: X}; Y := any(_w).(_J)`},
			out: []string{`Y := X.get()`, `_i := _I(X); Y := _i.get()`, `_g := _J.get; Y := _g(X)`, `Y := struct { _J }{X}.get()`},
		},
		{
			typ: "error",
			top: `+ type _E struct { elem T }
				+ func (e *_E) Error() string { return "" }
				+ type _O struct { elem error }
				+ func (o _O) Error() string { return "" }
				+ func (o _O) Unwrap() error { return o.elem }
				+ func _Inner(err error) *_E { if o, ok := err.(interface { Unwrap() error }); ok { return _Inner(o.Unwrap()) }; return err.(*_E) }`,
			in: []string{`var Y error = &_E{elem: X}`, `var Y error = _O{elem: &_E{elem: X}}`},
			out: []string{
				`Y := _Inner(X).elem`,
				`var Y T; switch e := X.(type) { case *_E: Y = e.elem; case _O: Y = e.elem.(*_E).elem }`,
			},
		},
		{
			typ: "_NS", key: never,
			top: `+ type _NS []T
				+ func (s _NS) get() T { return s[0] }
				+ func (s *_NS) set(x T) { *s = append(*s, x) }
				+ func (s _NS) Len() int { return len(s) }`,
			in:  []string{`Y := _NS{X}`, `var Y _NS; Y.set(X)`, `Y := _NS([]T{X})`, `_p := new(_NS); _p.set(X); Y := *_p`},
			out: []string{`Y := X[0]`, `Y := X.get()`, `Y := []T(X)[0]`, `var _i interface { get() T } = X; Y := _i.get()`, `_f := _NS.get; Y := _f(X)`},
		},
		{
			typ: "_NM", key: never,
			top: `+ type _NM map[int]T
				+ func (m _NM) get() T { return m[1] }
				+ func (m _NM) set(x T) { m[1] = x }`,
			in:  []string{`Y := _NM{1: X}`, `Y := _NM{}; Y.set(X)`, `Y := make(_NM); _NM.set(Y, X)`},
			out: []string{`Y := X[1]`, `Y := X.get()`, `Y := map[int]T(X)[1]`, `var _i interface { get() T } = X; Y := _i.get()`},
		},
		{
			typ: "_NF", key: never,
			top: `+ type _NF func() T
				+ func (f _NF) get() T { return f() }
				+ func (f *_NF) set(x T) { *f = func() T { return x } }`,
			in:  []string{`Y := _NF(func() T { return X })`, `var Y _NF; Y.set(X)`, `Y := _NF(_NF(func() T { return X }).get)`},
			out: []string{`Y := X()`, `Y := X.get()`, `var _i interface { get() T } = X; Y := _i.get()`, `Y := (func() T)(X)()`},
		},
		{
			// A list that is linked by itself.
			typ: "*_L",
			top: `+ type _L struct { next *_L; elem T }
				+ func (l *_L) Last() *_L { for l.next != nil { l = l.next }; return l }
				+ func (l *_L) get() T { if l.next != nil { return l.next.get() }; return l.elem }
				+ func (l *_L) set(x T) { l.next = &_L{elem: x} }
				+ func (l *_L) All() func(func(T) bool) { return func(yield func(T) bool) { for n := l; n != nil; n = n.next { if n.next == nil && !yield(n.elem) { return } } } }`,
			in:  []string{`Y := &_L{elem: X}`, `Y := &_L{}; Y.set(X)`, `Y := new(_L); Y.set(X); Y.Last().set(X)`},
			out: []string{`Y := X.Last().elem`, `Y := X.get()`, `var Y T; for e := range X.All() { Y = e }`, `_n := *X.Last(); Y := _n.elem`},
		},
	}
}
