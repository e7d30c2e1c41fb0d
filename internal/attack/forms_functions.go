package attack

// functions are closures, and sequences to range over.
func functions() []form {
	return []form{
		{
			typ: "(func() T)", key: never,
			in: []string{
				`Y := func() T { return X }`,
				`var _w T; Y := func() T { return _w }; _w = X`,
				`_w := []T{X}; Y := func() T { return _w[0] }`,
				`+ func _hold(x T) func() T { return func() T { return x } }
				 Y := _hold(X)`,
				`+ func _hold[U any](x U) func() U { return func() U { return x } }
				 Y := _hold(X)`,
				`+ type _box struct { x T }
				 + func (b *_box) take() T { return b.x }
				 Y := (&_box{X}).take`,
				`+ type _box struct { x T }
				 + func (b _box) take() T { return b.x }
				 Y := _box{X}.take`,
				`+ type _box[U any] struct { x U }
				 + func (b *_box[U]) take() U { return b.x }
				 Y := (&_box[T]{X}).take`,
				`_f := func() T { return X }; Y := func() T { return _f() }`,
				`_h := struct { f func() T }{func() T { return X }}; Y := _h.f`,
				`_fs := map[string]func() T{"f": func() T { return X }}; Y := _fs["f"]`,
			},
			out: []string{
				`Y := X()`,
				`_f := &X; Y := (*_f)()`,
				`+ func _call[U any](f func() U) U { return f() }
				 Y := _call(X)`,
				`var Y T; func() { defer func() { Y = X() }() }()`,
				`var Y T; _d := make(chan bool); go func() { Y = X(); _d <- true }(); <-_d`,
				`_fs := []func() T{nil, X}; Y := _fs[1]()`,
				`var _i any = X; Y := _i.(func() T)()`,
			},
		},
		{
			// The value is passed to a callback.
			typ: "(func(func(T)))", key: never,
			in: []string{
				`Y := func(k func(T)) { k(X) }`,
				`+ func _bind[U any](x U) func(func(U)) { return func(k func(U)) { k(x) } }
				 Y := _bind(X)`,
			},
			out: []string{
				`var Y T; X(func(e T) { Y = e })`,
				`_c := make(chan T, 1); X(func(e T) { _c <- e }); Y := <-_c`,
				`_p := new(T); _k := func(e T) { *_p = e }; X(_k); Y := *_p`,
			},
		},
		{
			typ: "(func(int) (int, T, error))", key: never,
			in: []string{
				`Y := func(n int) (int, T, error) { return n, X, nil }`,
				`_w := X; Y := func(n int) (_ int, x T, err error) { x = _w; return }`,
			},
			out: []string{
				`_, Y, _ := X(1)`,
				`+ func _must(_ int, x T, err error) T { if err != nil { panic(err) }; return x }
				 Y := _must(X(1))`,
			},
		},
		{
			typ: "(func(func(T) bool))", key: never,
			in: []string{
				`Y := func(yield func(T) bool) { yield(X) }`,
				`+ func _seq[U any](xs ...U) func(func(U) bool) { return func(yield func(U) bool) { for _, x := range xs { if !yield(x) { return } } } }
				 Y := _seq(X)`,
				`+ type _tree[U any] struct { l, r *_tree[U]; x U }
				 + func (t *_tree[U]) all(yield func(U) bool) bool { return t == nil || t.l.all(yield) && (t.l != nil && t.r != nil || yield(t.x)) && t.r.all(yield) }
				 _t := &_tree[T]{l: &_tree[T]{x: X}, r: &_tree[T]{x: X}}; Y := func(yield func(T) bool) { _t.all(yield) }`,
			},
			out: []string{
				`var Y T; for e := range X { Y = e }`,
				`var Y T; for Y = range X { break }`,
				`var Y T; X(func(e T) bool { Y = e; return false })`,
				`Y := func() T { for e := range X { return e }; panic("none") }()`,
				`+ func _map[U, W any](s func(func(U) bool), f func(U) W) func(func(W) bool) { return func(yield func(W) bool) { for x := range s { if !yield(f(x)) { return } } } }
				 var Y T; for e := range _map(X, func(x T) [1]T { return [1]T{x} }) { Y = e[0] }`,
				`_p := new(T); for *_p = range X { break }; Y := *_p`,
			},
		},
		{
			typ: "(func(func(int, T) bool))", key: never,
			in: []string{
				`Y := func(yield func(int, T) bool) { _ = yield(0, X) && yield(1, X) }`,
				`_m := map[int]T{1: X}; Y := func(yield func(int, T) bool) { for k, v := range _m { if !yield(k, v) { return } } }`,
			},
			out: []string{
				`var Y T; for _, e := range X { Y = e }`,
				`var Y T; for _, Y = range X { break }`,
			},
		},
	}
}
