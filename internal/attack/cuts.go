package attack

// cuts are ways to call a function. In a library it is the importer that goes
// on.
func cuts() []cut {
	var out []cut
	for _, t := range []string{
		`_G(X)`,
		`defer _G(X)`,
		`_h := _G; _h(X)`,
		`func() { defer func() { _G(recover().(T)) }(); panic(X) }()`,
		`_d := make(chan bool); go func() { defer close(_d); _G(X) }(); <-_d`,
		`var _h any = _G; _h.(func(T))(X)`,
		`+ type _callee struct{}
		 + func (_callee) run(x T) { _G(x) }
		 var _r interface { run(T) } = _callee{}; _r.run(X)`,
		`+ type _callee struct { n int }
		 + func (*_callee) run(x T) { _G(x) }
		 _m := (*_callee).run; _m(nil, X)`,
		`+ func _call[U any](f func(U), x U) { f(x) }
		 _call(_G, X)`,
		`+ func _call[U any, F ~func(U)](x U, fs ...F) { for _, f := range fs { f(x) } }
		 _call(X, _G)`,
		`_t := map[string]func(T){"g": _G}; _t["g"](X)`,
		`_q := make(chan func(T), 1); _q <- _G; (<-_q)(X)`,
		`for x := range func(yield func(T) bool) { yield(X) } { _G(x) }`,
	} {
		out = append(out, cut{text: t})
	}
	return append(out,
		cut{"waitgroup", `var _wg sync.WaitGroup; _wg.Go(func() { _G(X) }); _wg.Wait()`},
		cut{"once", `sync.OnceFunc(func() { _G(X) })()`},
		cut{"slices", `slices.ContainsFunc([]T{X}, func(x T) bool { _G(x); return true })`},
		cut{"sort", `sort.Search(1, func(int) bool { _G(X); return true })`},
		cut{"syncmap", `var _m sync.Map; _m.Store(1, _G); _f, _ := _m.Load(1); _f.(func(T))(X)`},
		cut{"reflectcall", `reflect.ValueOf(_G).Call([]reflect.Value{reflect.ValueOf(&[]T{X}).Elem().Index(0)})`},
		cut{"contextfunc", `_c := context.WithValue(context.Background(), "g", _G); _c.Value("g").(func(T))(X)`},
	)
}
