package attack

func passTexts(texts ...string) []pass {
	var out []pass
	for _, t := range texts {
		out = append(out, pass{text: t})
	}
	return out
}

// passes hand a value through functions, closures, and memory that others hold.
func passes() []pass {
	return passTexts(
		`+ func _id(x T) T { return x }
		 Y := _id(X)`,
		`+ func _id[U any](x U) U { return x }
		 Y := _id(X)`,
		`+ func _many(x T, n int) (int, T, T) { return n, x, x }
		 _, _, Y := _many(X, 1)`,
		`+ func _deep(x T, n int) T { if n > 0 { return _deep(x, n-1) }; return x }
		 Y := _deep(X, 2)`,
		`+ func _odd(x T, n int) T { if n == 0 { return x }; return _even(x, n-1) }
		 + func _even(x T, n int) T { if n == 0 { return x }; return _odd(x, n-1) }
		 Y := _even(X, 3)`,
		`+ func _late(x T) (y T) { defer func() { y = x }(); return }
		 Y := _late(X)`,
		`+ func _thrown(x T) (y T) { defer func() { y = recover().(T) }(); panic(x) }
		 Y := _thrown(X)`,
		`+ type _thrown struct { x T }
		 var Y T; func() { defer func() { if t, ok := recover().(*_thrown); ok { Y = t.x } }(); panic(&_thrown{X}) }()`,
		`var Y T; func() { defer func(z T) { Y = z }(X) }()`,
		`var Y T; func() { for range 2 { defer func() { Y = X }() } }()`,
		`Y := func(z T) T { return z }(X)`,
		`var Y T; func() { Y = X }()`,
		`_f := func(cb func()) { cb() }; var Y T; _f(func() { Y = X })`,
		`var _rec func(T, int) T; _rec = func(z T, n int) T { if n == 0 { return z }; return _rec(z, n-1) }; Y := _rec(X, 2)`,
		`_fs := []func(T) T{func(z T) T { return z }}; Y := _fs[0](X)`,
		`+ func _apply[U any](f func(U), x U) { f(x) }
		 var Y T; _apply(func(z T) { Y = z }, X)`,
		`+ func _with(x T, k func(T)) { k(x) }
		 var Y T; _with(X, func(z T) { Y = z })`,
		`+ func _variadic(xs ...any) any { return xs[len(xs)-1] }
		 Y := _variadic(1, X).(T)`,
		`+ func _one(x T) (T, int) { return x, 1 }
		 + func _two(x T, _ int) T { return x }
		 Y := _two(_one(X))`,
		`+ type _visitor interface { visit(T) }
		 + type _last struct { x T }
		 + func (l *_last) visit(x T) { l.x = x }
		 + func _walk(x T, v _visitor) { v.visit(x) }
		 _l := &_last{}; _walk(X, _l); Y := _l.x`,
		`+ type _fn func(T) T
		 + func (f _fn) run(x T) T { return f(x) }
		 var _r interface { run(T) T } = _fn(func(z T) T { return z }); Y := _r.run(X)`,
		`+ type _holder struct { n int; x T; o *_holder }
		 + func (h *_holder) put(x T) { h.x = x }
		 + func (h *_holder) take() T { return h.x }
		 _h := &_holder{o: &_holder{}}; _h.o.put(X); Y := _h.o.take()`,
		`+ type _holder struct { x T }
		 + func (h *_holder) put(x T) { h.x = x }
		 + func (h _holder) take() T { return h.x }
		 _h := new(_holder); _put, _take := (*_holder).put, (*_holder).take; _put(_h, X); Y := _take(_h)`,
		`+ type _opt func(*_conf)
		 + type _conf struct { x T }
		 + func _with(x T) _opt { return func(c *_conf) { c.x = x } }
		 + func _make(opts ..._opt) *_conf { c := new(_conf); for _, o := range opts { o(c) }; return c }
		 Y := _make(_with(X)).x`,
		`+ type _builder struct { x T }
		 + func (b *_builder) put(x T) *_builder { b.x = x; return b }
		 + func (b _builder) copy() _builder { return b }
		 Y := new(_builder).put(X).copy().x`,
		`+ type _swap struct { k T }
		 + func (s *_swap) pass(x T) T { o := s.k; s.k = x; return o }
		 var _i interface { pass(T) T } = &_swap{}; _i.pass(X); Y := _i.pass(X)`,
		`+ type _in struct { x T }
		 + func (i *_in) at() *T { return &i.x }
		 + type _out struct { *_in }
		 _o := _out{&_in{}}; *_o.at() = X; _c := _o; Y := *_c.at()`,
		`+ func _twice[U any](x U) []*U { y := x; return []*U{nil, &y} }
		 _w := _twice(X); Y := *_w[1]`,
		`+ func _share(p *T, q **T) { *q = p }
		 _w := X; var _q *T; _share(&_w, &_q); Y := *_q`,
		`+ type _num interface { ~int | ~uint }
		 + func _at[N _num, U any](n N, xs ...U) U { return xs[n] }
		 Y := _at(1, X, X)`,
		// Through variables of the package, which then change as well.
		`+ var _changesHeld T
		 _changesHeld = X; Y := _changesHeld`,
		`+ var _changesHeld = map[string]*T{}
		 _w := X; _changesHeld["k"] = &_w; Y := *_changesHeld["k"]`,
		`+ var _changesHeld []T
		 + func _register(x T) { _changesHeld = append(_changesHeld, x) }
		 _register(X); Y := _changesHeld[len(_changesHeld)-1]`,
		`+ var _hook = func(x T) T { return x }
		 Y := _hook(X)`,
		`+ var _changesHook func() T
		 _changesHook = func() T { return X }; Y := _changesHook()`,
		`+ type _doer interface { do(T) T }
		 + type _plain struct{}
		 + func (_plain) do(x T) T { return x }
		 + var _doers = []_doer{_plain{}}
		 Y := _doers[0].do(X)`,
		`+ var _work = map[string]func(T) T{"id": func(x T) T { return x }}
		 Y := _work["id"](X)`,
	)
}

// statements hand a value through what statements do.
func statements() []pass {
	return passTexts(
		`_d := make(chan T); go func() { _d <- X }(); Y := <-_d`,
		`+ func _send[U any](c chan<- U, x U) { c <- x; close(c) }
		 _d := make(chan T); go _send(_d, X); var Y T; for e := range _d { Y = e }`,
		`_req := make(chan func(T) T); go func() { _req <- func(z T) T { return z } }(); Y := (<-_req)(X)`,
		`var Y T; if len("a") > 0 { Y = X }`,
		`var Y T; for _i := 0; _i < 2; _i++ { if _i == 1 { Y = X } }`,
		`var Y T; _i := 0; _loop: if _i < 2 { _i++; Y = X; goto _loop }`,
		`var Y T; switch { case len("a") == 1: fallthrough; default: Y = X }`,
		`var Y T; _outer: for { for { Y = X; break _outer } }`,
		`var _w T; Y := X; _w, Y = Y, _w; _w, Y = Y, _w`,
		`_a, _b, _i := [2]T{}, X, 0; _i, _a[_i] = 1, _b; Y := _a[_i-1]`,
		`var Y T; for e := range func(yield func(T) bool) { yield(X) } { Y = e }`,
		`+ func _range(x T) func(func(func(T)) bool) { return func(yield func(func(T)) bool) { var got T; yield(func(z T) { got = z }); _ = got; _ = x } }
		 var Y T; for range _range(X) { Y = X }`,
		`+ func _range(x T) (y T) { for range func(yield func() bool) { yield() } { defer func() { y = x }(); return }; return }
		 Y := _range(X)`,
		`type _L struct { a int; z T }; _w := struct { a int; z T }{1, X}; Y := _L(_w).z`,
		`type _L struct { z T }; _w := &struct { z T }{X}; Y := (*_L)(_w).z`,
		`type _L []T; _w := _L{X}; Y := []T(_w)[0]`,
		`type _L func() T; _w := _L(func() T { return X }); Y := (func() T)(_w)()`,
		`type _L struct { s [2]struct { z T } }; var _w _L; _w.s[1].z = X; _c := _w; _p := &_c; Y := _p.s[1].z`,
		`type _L = map[[1]string]*[]T; _w := _L{{"a"}: {X}}; Y := (*_w[[1]string{"a"}])[0]`,
		`_w := []T{X, X}; _z := _w[1:]; Y := _z[0]`,
		`_w := [][]T{{X}}; _w = append(_w[:0:0], _w...); Y := _w[0][0]`,
		`_w := []T{X}; clear(make([]T, 1)); _w = append(_w, _w...); Y := _w[1]`,
		`_w := map[string]map[string]T{"a": {}}; _w["a"]["b"] = X; Y := _w["a"]["b"]`,
		`_w := map[int][]T{}; _w[1] = append(_w[1], X); Y := _w[1][0]`,
		`_w := map[*int]T{new(int): X}; var Y T; for _, Y = range _w { }`,
		`_w := map[any]any{"k": X}; Y := _w["k"].(T)`,
		`+ type _N struct { next *_N; x T }
		 var _w *_N; for range 3 { _w = &_N{_w, X} }; Y := _w.next.next.x`,
		`var _w [2][2]T; _w[1][0] = X; Y := func(a *[2]T) T { return a[0] }(&_w[1])`,
		`_c := make(chan chan T, 1); _e := make(chan T, 1); _c <- _e; _e <- X; Y := <-<-_c`,
		`_c := make(chan struct { a int; x T }, 1); _c <- struct { a int; x T }{1, X}; Y := (<-_c).x`,
		`_c := make(chan *T, 1); _w := new(T); _c <- _w; *_w = X; Y := *<-_c`,
		`_w := new(T); _p := &_w; **_p = X; _q := *_p; Y := *_q`,
		`var _w struct { p *T; x T }; _w.p = &_w.x; *_w.p = X; _c := _w; Y := *_c.p`,
		`var _w any = X; var _e any = &_w; Y := (*_e.(*any)).(T)`,
		`var _w any = []any{1, X}; Y := _w.([]any)[1].(T)`,
		`var _fs []func() T; for _, z := range []T{X} { _fs = append(_fs, func() T { return z }) }; Y := _fs[0]()`,
		`var _fs []func() T; var _z T; for _, _z = range []T{X} { _fs = append(_fs, func() T { return _z }) }; Y := _fs[0]()`,
		`var Y T; _next: for i := range 3 { for range 2 { if i < 2 { continue _next }; Y = X } }`,
		`var Y T; for i, z := 0, X; i < 2; i++ { _f := func() { Y = z }; _f() }`,
		`_w := []struct { a int; x [1]T }{{x: [1]T{X}}}; var Y T; for _, e := range _w { Y = e.x[0] }`,
		`_w := [2]struct { x T }{{X}}; _v := _w; _w[0].x = _v[1].x; Y := _v[0].x`,
		`_a := struct { x *T }{new(T)}; _b := _a; *_b.x = X; Y := *_a.x`,
		`_w := map[struct { p *int; k any }]T{{nil, 1}: X}; Y := _w[struct { p *int; k any }{k: 1}]`,
		`_w := map[[2]any][]func() T{{1, "a"}: {func() T { return X }}}; Y := _w[[2]any{1, "a"}][0]()`,
		`_c := make(chan func() (T, bool), 1); _c <- func() (T, bool) { return X, true }; Y, _ := (<-_c)()`,
		`_c := make(chan any, 2); go func() { _c <- 1; _c <- any(&[]T{X}) }(); <-_c; Y := (*(<-_c).(*[]T))[0]`,
		`_w := any([]any{any(map[string]any{"k": any(X)})}); Y := _w.([]any)[0].(map[string]any)["k"].(T)`,
		`+ type _State func(*_Machine) _State
		 + type _Machine struct { in, out T }
		 + func _Start(m *_Machine) _State { m.out = m.in; return nil }
		 _m := &_Machine{in: X}; for s := _State(_Start); s != nil; s = s(_m) { }; Y := _m.out`,
	)
}
