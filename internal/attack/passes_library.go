package attack

// libraryPasses hand a value through functions of the standard library.
func libraryPasses() []pass {
	return []pass{
		{"slices", `_s := []T{X}; Y := slices.Clone(_s)[0]`},
		{"slices", `_s := slices.Insert([]T{}, 0, X); Y := _s[0]`},
		{"slices", `_s := slices.Concat([]T{X}, nil); Y := _s[0]`},
		{"slices", `_s := slices.Grow([]T{X}, 5); Y := _s[0]`},
		{"slices", `_s := slices.DeleteFunc([]T{X, X}, func(T) bool { return false }); Y := _s[1]`},
		{"slices", `_s := slices.Replace(make([]T, 3), 0, 1, X); Y := _s[0]`},
		{"slices", `_s := slices.Repeat([]T{X}, 2); Y := _s[1]`},
		{"slices", `var _z T; _s := []T{_z, X}; slices.Reverse(_s); Y := _s[0]`},
		{"slices", `_s := []T{X}; slices.SortFunc(_s, func(a, b T) int { return 0 }); Y := slices.MaxFunc(_s, func(a, b T) int { return 0 })`},
		{"slices", `var Y T; slices.IndexFunc([]T{X}, func(e T) bool { Y = e; return true })`},
		{"slices", `var Y T; slices.EqualFunc([]T{X}, []int{1}, func(e T, _ int) bool { Y = e; return true })`},
		{"slices", `_s := slices.CompactFunc([]T{X, X, X}, func(a, b T) bool { return true }); Y := slices.Clip(_s)[0]`},
		{"slicesiter", `Y := slices.Collect(slices.Values([]T{X}))[0]`},
		{"slicesiter", `var Y T; for c := range slices.Chunk([]T{X, X}, 1) { Y = c[0] }`},
		{"slicesiter", `Y := slices.SortedFunc(slices.Values([]T{X}), func(a, b T) int { return 0 })[0]`},
		{"maps", `_m := maps.Clone(map[int]T{1: X}); Y := _m[1]`},
		{"maps", `_m := map[int]T{}; maps.Copy(_m, map[int]T{1: X}); Y := _m[1]`},
		{"mapsiter", `var Y T; for e := range maps.Values(map[int]T{1: X}) { Y = e }`},
		{"mapsiter", `_m := maps.Collect(maps.All(map[int]T{1: X})); Y := _m[1]`},
		{"maps", `_m := map[int]T{1: X}; var Y T; maps.DeleteFunc(_m, func(_ int, e T) bool { Y = e; return true })`},
		{"iter", `_next, _stop := iter.Pull(func(yield func(T) bool) { yield(X) }); Y, _ := _next(); _stop()`},
		{"sort", `_s := []T{X, X}; sort.Slice(_s, func(i, j int) bool { return true }); Y := _s[0]`},
		{"sort", `+ type _by []T
			+ func (b _by) Len() int { return len(b) }
			+ func (b _by) Less(i, j int) bool { return true }
			+ func (b _by) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
			_s := _by{X, X}; sort.Sort(sort.Reverse(_s)); Y := _s[0]`},
		{"once", `var _o sync.Once; var Y T; _o.Do(func() { Y = X })`},
		{"once", `var Y T; sync.OnceFunc(func() { Y = X })()`},
		{"waitgroup", `var _wg sync.WaitGroup; var Y T; _wg.Go(func() { Y = X }); _wg.Wait()`},
		{"mutex", `var _b struct { sync.Mutex; x T }; _b.Lock(); _b.x = X; _b.Unlock(); Y := _b.x`},
		{"cond", `var _mu sync.Mutex; _c := sync.NewCond(&_mu); var Y T; _ok := false; go func() { _mu.Lock(); Y, _ok = X, true; _c.Signal(); _mu.Unlock() }(); _mu.Lock(); for !_ok { _c.Wait() }; _mu.Unlock()`},
		{"time", `_c := make(chan T, 1); time.AfterFunc(0, func() { _c <- X }); Y := <-_c`},
		{"contextfunc", `_x, _f := context.WithCancelCause(context.Background()); _d := make(chan T, 1); context.AfterFunc(_x, func() { _d <- X }); _f(nil); Y := <-_d`},
		{"atomicptr", `_p := new(atomic.Pointer[[]T]); _p.Store(&[]T{X}); _q := new(atomic.Pointer[[]T]); _q.Store(_p.Load()); Y := (*_q.Load())[0]`},
		{"reflectcall", `Y := reflect.ValueOf(func(z ...T) T { return z[0] }).CallSlice([]reflect.Value{reflect.ValueOf([]T{X})})[0].Interface().(T)`},
		{"reflectcall", `+ type _Taker struct { Got []T }
			+ func (t *_Taker) Take(xs []T) { t.Got = xs }
			_t := &_Taker{}; reflect.ValueOf(_t).MethodByName("Take").Call([]reflect.Value{reflect.ValueOf([]T{X})}); Y := _t.Got[0]`},
		{"reflectcall", `_f := reflect.MakeFunc(reflect.TypeFor[func([]T) []T](), func(in []reflect.Value) []reflect.Value { return in }); Y := _f.Interface().(func([]T) []T)([]T{X})[0]`},
		{"reflectset", `_s := make([]T, 1); reflect.ValueOf(_s).Index(0).Set(reflect.ValueOf(&[]T{X}).Elem().Index(0)); Y := _s[0]`},
		{"reflectset", `_s := make([]T, 1); reflect.Copy(reflect.ValueOf(_s), reflect.ValueOf([]T{X})); Y := _s[0]`},
		{"reflectset", `_s := reflect.Append(reflect.ValueOf([]T(nil)), reflect.ValueOf([]T{X}).Index(0)).Interface().([]T); Y := _s[0]`},
		{"reflectset", `_m := map[int]T{}; reflect.ValueOf(_m).SetMapIndex(reflect.ValueOf(1), reflect.ValueOf([]T{X}).Index(0)); Y := _m[1]`},
		{"reflectset", `_a, _b := []T{X}, make([]T, 1); reflect.Swapper(append([][]T{}, _a, _b))(0, 1); reflect.ValueOf(&_b).Elem().Set(reflect.ValueOf(_a)); Y := _b[0]`},
		{"reflectread", `Y := reflect.ValueOf([]T{X}).Index(0).Interface().(T)`},
		{"reflectread", `type _L struct { F T }; var _q any = &_L{X}; Y := reflect.ValueOf(_q).Elem().Field(0).Interface().(T)`},
		{"reflectread", `_m := map[int]T{1: X}; _it := reflect.ValueOf(_m).MapRange(); _it.Next(); Y := _it.Value().Interface().(T)`},
		{"reflectread", `_c := make(chan T, 1); _c <- X; _w, _ := reflect.ValueOf(_c).Recv(); Y := _w.Interface().(T)`},
		{"reflectread", `var Y T; for _, v := range reflect.ValueOf([]T{X}).Seq2() { Y = v.Interface().(T) }`},
		{"unsafe", `_w := X; Y := *(*T)(unsafe.Pointer(&_w))`},
		{"unsafe", `_w := []T{X}; Y := unsafe.Slice(&_w[0], 1)[0]`},
		{"unsafe", `type _L struct { f T }; _w := &_L{f: X}; _p := unsafe.Pointer(_w); _q := (*struct { g T })(_p); Y := _q.g`},
		{"unsafemoved", `type _L struct { a int; f T }; _w := &_L{f: X}; _p := &_w.a; Y := *(*T)(unsafe.Add(unsafe.Pointer(_p), unsafe.Offsetof(_w.f)))`},
		{"unsafemoved", `type _L struct { f T; a int }; _w := &_L{f: X}; _p := &_w.a; Y := *(*T)(unsafe.Pointer(uintptr(unsafe.Pointer(_p)) - unsafe.Offsetof(_w.a)))`},
		{"unsafemoved", `type _H struct { a uintptr }; type _L struct { _H; f T }; _w := &_L{f: X}; _p := &_w._H; Y := (*_L)(unsafe.Pointer(_p)).f`},
		{"unsafemoved", `_w := [3]T{2: X}; _p := &_w[0]; Y := (*[3]T)(unsafe.Pointer(_p))[2]`},
		{"unsafemoved", `_w := [3]T{1: X}; _p := &_w[0]; Y := unsafe.Slice(_p, 3)[1]`},
		{"unsafemoved", `+ type _Moved struct { a int; f T }
			+ func _By(p *int, n uintptr) unsafe.Pointer { return unsafe.Add(unsafe.Pointer(p), n) }
			_w := &_Moved{f: X}; Y := *(*T)(_By(&_w.a, unsafe.Offsetof(_w.f)))`},
		{"unsafemoved", `type _L struct { a uint; f T }; _w := &_L{f: X}; _p := &_w.a; _g := func(n uintptr) any { return (*T)(unsafe.Add(unsafe.Pointer(_p), n)) }; Y := *_g(unsafe.Offsetof(_w.f)).(*T)`},
		{"unsafemoved", `type _L struct { a int8; f T }; _w := &_L{f: X}; _c := make(chan unsafe.Pointer, 1); _c <- unsafe.Pointer(&_w.a); Y := *(*T)(unsafe.Add(<-_c, unsafe.Offsetof(_w.f)))`},
		{"unsafemoved", `type _L struct { a int16; f T }; _w := &_L{f: X}; _p := &_w.a; Y := *reflect.NewAt(reflect.TypeFor[T](), unsafe.Add(unsafe.Pointer(_p), unsafe.Offsetof(_w.f))).Interface().(*T)`},
		{"unsafemoved", `type _L struct { A int32; f T }; _w := &_L{f: X}; _p := reflect.ValueOf(_w).Elem().Field(0).Addr().UnsafePointer(); Y := *(*T)(unsafe.Add(_p, unsafe.Offsetof(_w.f)))`},
		{"unsafemoved", `type _L struct { a uint16; f T }; _w := &_L{f: X}; _p := unsafe.Pointer(&_w.a); _q := atomic.LoadPointer(&_p); Y := *(*T)(unsafe.Add(_q, unsafe.Offsetof(_w.f)))`},
		{"unsafebytes", `_w := []T{X}; _n := int(unsafe.Sizeof(_w[0])); _b := unsafe.Slice((*byte)(unsafe.Pointer(&_w[0])), _n); _v := make([]T, 1); copy(unsafe.Slice((*byte)(unsafe.Pointer(&_v[0])), _n), _b); Y := _v[0]`},
		{"unsafebytes", `_w := []T{X}; _s := unsafe.String((*byte)(unsafe.Pointer(&_w[0])), int(unsafe.Sizeof(_w[0]))); Y := *(*T)(unsafe.Pointer(unsafe.StringData(_s)))`},
		{"reflectwhole", `type _L struct { f T }; var _q any = &_L{X}; Y := reflect.ValueOf(_q).Elem().Interface().(_L).f`},
		{"reflectwhole", `type _L struct { f T }; var _w _L; reflect.ValueOf(&_w).Elem().Set(reflect.ValueOf(_L{X})); Y := _w.f`},
		{"reflectwhole", `type _L struct { f T }; _s := reflect.Append(reflect.ValueOf([]_L(nil)), reflect.ValueOf(_L{X})).Interface().([]_L); Y := _s[0].f`},
		{"reflectwhole", `type _L struct { f T }; var Y T; reflect.ValueOf(func(l _L) { Y = l.f }).Call([]reflect.Value{reflect.ValueOf(&_L{X}).Elem()})`},
		{"reflectwhole", `type _L struct { f T }; _f := reflect.MakeFunc(reflect.TypeFor[func(_L) _L](), func(in []reflect.Value) []reflect.Value { return in }); Y := _f.Interface().(func(_L) _L)(_L{X}).f`},
		{"reflectwhole", `type _L struct { f T }; _c := make(chan _L, 1); reflect.ValueOf(_c).Send(reflect.ValueOf(&_L{X}).Elem()); Y := (<-_c).f`},
		{"reflectwhole", `type _L struct { f T }; var _w _L; reflect.ValueOf(&_w).Elem().Set(reflect.ValueOf(&struct{ f T }{X}).Elem()); Y := _w.f`},
		{"reflectwhole", `+ type _Do struct { f T }
			+ func (d _Do) Take() T { return d.f }
			Y := reflect.ValueOf(struct{ A [1]_Do }{[1]_Do{{X}}}).Field(0).Index(0).Interface().(interface{ Take() T }).Take()`},
		{"errgroup", `+ type _E struct { x T }
			+ func (_E) Error() string { return "" }
			_c := make(chan error, 1); go func() { _c <- fmt.Errorf("a: %w", _E{X}) }(); var _e _E; errors.As(<-_c, &_e); Y := _e.x`},
		{"formatter", `+ type _Fmt struct { in T; out *T }
			+ func (f _Fmt) String() string { *f.out = f.in; return "" }
			var Y T; _ = fmt.Sprint(_Fmt{X, &Y})`},
		{"reader", `+ type _Reader struct { in T; out *T }
			+ func (r *_Reader) Read(p []byte) (int, error) { *r.out = r.in; return 0, io.EOF }
			var Y T; _, _ = io.ReadAll(bufio.NewReader(&_Reader{X, &Y}))`},
		{"marshaler", `+ type _M struct { in T; out *T }
			+ func (m _M) MarshalJSON() ([]byte, error) { *m.out = m.in; return []byte("1"), nil }
			var Y T; _, _ = json.Marshal(map[string]any{"k": _M{X, &Y}})`},
		{"stringsfunc", `var Y T; strings.Map(func(r rune) rune { Y = X; return r }, "a")`},
		{"template", `+ type _D struct { In T; Out *T }
			+ func (d *_D) Do() string { *d.Out = d.In; return "" }
			var Y T; _ = template.Must(template.New("").Parse("{{.Do}}")).Execute(io.Discard, &_D{X, &Y})`},
		{"regexp", `var Y T; _ = regexp.MustCompile("a").ReplaceAllStringFunc("a", func(s string) string { Y = X; return s })`},
		{"flagfunc", `var Y T; _fs := flag.NewFlagSet("", 0); _fs.Func("a", "", func(string) error { Y = X; return nil }); _ = _fs.Parse([]string{"-a=1"})`},
		{"flagfunc", `+ type _Value struct { in T; out *T }
			+ func (v *_Value) String() string { return "" }
			+ func (v *_Value) Set(string) error { *v.out = v.in; return nil }
			var Y T; _fs := flag.NewFlagSet("", 0); _fs.Var(&_Value{X, &Y}, "a", ""); _ = _fs.Parse([]string{"-a=1"})`},
		{"scanner", `var Y T; _sc := bufio.NewScanner(strings.NewReader("a")); _sc.Split(func(d []byte, _ bool) (int, []byte, error) { Y = X; return len(d), d, nil }); _sc.Scan()`},
		{"scanner", `+ type _Scan struct { in T; out *T }
			+ func (s *_Scan) Scan(fmt.ScanState, rune) error { *s.out = s.in; return nil }
			var Y T; _, _ = fmt.Sscan("1", &_Scan{X, &Y})`},
		{"errorsis", `+ type _Is struct { in T; out *T }
			+ func (e *_Is) Error() string { return "" }
			+ func (e *_Is) Is(error) bool { *e.out = e.in; return false }
			var Y T; _ = errors.Is(fmt.Errorf("%w", &_Is{X, &Y}), io.EOF)`},
		{"errorsis", `+ type _As struct { in T }
			+ func (e *_As) Error() string { return "" }
			+ func (e *_As) As(to any) bool { p, ok := to.(**_As); if ok { *p = e }; return ok }
			+ type _Other struct { error; e *_As }
			+ func (o _Other) As(to any) bool { return o.e.As(to) }
			var _a *_As; errors.As(_Other{nil, &_As{X}}, &_a); Y := _a.in`},
		{"unmarshaler", `+ type _U struct { in T; out *T }
			+ func (u *_U) UnmarshalJSON([]byte) error { *u.out = u.in; return nil }
			var Y T; _ = json.Unmarshal([]byte("[1]"), &[]*_U{{X, &Y}})`},
		{"funcmap", `var Y T; _m := template.FuncMap{"f": func() string { Y = X; return "" }}; _ = template.Must(template.New("").Funcs(_m).Parse("{{f}}")).Execute(io.Discard, nil)`},
		{"slog", `+ type _Handler struct { slog.Handler; in T; out *T }
			+ func (h _Handler) Enabled(context.Context, slog.Level) bool { return true }
			+ func (h _Handler) Handle(context.Context, slog.Record) error { *h.out = h.in; return nil }
			var Y T; slog.New(_Handler{nil, X, &Y}).Info("a")`},
		{"slog", `+ type _Valuer struct { in T; out *T }
			+ func (v _Valuer) LogValue() slog.Value { *v.out = v.in; return slog.AnyValue(1) }
			var Y T; slog.New(slog.NewTextHandler(io.Discard, nil)).Info("a", "k", _Valuer{X, &Y})`},
		{"slog", `Y := slog.AnyValue([]T{X}).Any().([]T)[0]`},
		{"pipe", `+ type _Writer struct { in T; out *T }
			+ func (w _Writer) Write(p []byte) (int, error) { *w.out = w.in; return len(p), nil }
			var Y T; _r, _w := io.Pipe(); go func() { _, _ = io.WriteString(_w, "a"); _w.Close() }(); _, _ = io.Copy(_Writer{X, &Y}, _r)`},
		{"pipe", `+ type _Closer struct { in T; out *T }
			+ func (c *_Closer) Close() error { *c.out = c.in; return nil }
			var Y T; _rc := struct { io.Reader; io.Closer }{strings.NewReader(""), &_Closer{X, &Y}}; _ = _rc.Close()`},
		{"walk", `var Y T; _ = fs.WalkDir(fstest.MapFS{"a": {}}, ".", func(string, fs.DirEntry, error) error { Y = X; return nil })`},
		{"expvar", `+ type _Var struct { in T; out *T }
			+ func (v _Var) String() string { *v.out = v.in; return "1" }
			var Y T; _m := new(expvar.Map); _m.Set("k", _Var{X, &Y}); _ = _m.String()`},
		{"logger", `+ type _Sink struct { in T; out *T }
			+ func (s *_Sink) Write(p []byte) (int, error) { *s.out = s.in; return len(p), nil }
			var Y T; log.New(&_Sink{X, &Y}, "", 0).Print("a")`},
		{"allocs", `var Y T; testing.AllocsPerRun(1, func() { Y = X })`},
	}
}
