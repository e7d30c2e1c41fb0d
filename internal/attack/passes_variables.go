package attack

// standardPasses hand a value through variables of the standard library, and
// take it back: an assigned one, or one that a registration changes.
func standardPasses() []pass {
	return []pass{
		{"sentinel", `+ type _E struct { x T }
			+ func (_E) Error() string { return "" }
			_old := errors.ErrUnsupported; errors.ErrUnsupported = _E{X}; Y := errors.ErrUnsupported.(_E).x
			errors.ErrUnsupported = _old`},
		{"sentinel", `+ type _E struct { x T }
			+ func (*_E) Error() string { return "" }
			_p := &io.ErrNoProgress; _old := *_p; *_p = &_E{X}; Y := io.ErrNoProgress.(*_E).x; *_p = _old`},
		{"reader", `+ type _R struct { in T; out *T }
			+ func (r _R) Read(p []byte) (int, error) { *r.out = r.in; return len(p), nil }
			var Y T; _old := crand.Reader; crand.Reader = _R{X, &Y}
			_, _ = io.ReadFull(crand.Reader, make([]byte, 1)); crand.Reader = _old`},
		{"flagset", `var Y T; _old := flag.Usage; flag.Usage = func() { Y = X }; flag.Usage(); flag.Usage = _old`},
		{"flagset", `var Y T; _old := flag.CommandLine; flag.CommandLine = flag.NewFlagSet("", 0)
			flag.Func("a", "", func(string) error { Y = X; return nil }); _ = flag.Set("a", "1")
			flag.CommandLine = _old`},
		{"flagset", `+ type _Value struct { in T }
			+ func (v *_Value) String() string { return "" }
			+ func (v *_Value) Set(string) error { return nil }
			flag.Var(&_Value{X}, "_name", ""); Y := flag.Lookup("_name").Value.(*_Value).in`},
		{"defaultlog", `+ type _Sink struct { in T; out *T }
			+ func (s *_Sink) Write(p []byte) (int, error) { *s.out = s.in; return len(p), nil }
			var Y T; _old := log.Writer(); log.SetOutput(&_Sink{X, &Y}); log.Print("a"); log.SetOutput(_old)`},
		{"defaultlog", `+ type _Handler struct { slog.Handler; x T }
			_old := slog.Default(); slog.SetDefault(slog.New(&_Handler{_old.Handler(), X}))
			Y := slog.Default().Handler().(*_Handler).x; slog.SetDefault(_old)`},
		{"registered", `+ type _Hash struct { hash.Hash; x T }
			crypto.RegisterHash(crypto.MD5SHA1, func() hash.Hash { return _Hash{nil, X} })
			Y := crypto.MD5SHA1.New().(_Hash).x`},
		{"registered", `var Y T
			_config := func(io.Reader) (image.Config, error) { return image.Config{}, io.EOF }
			image.RegisterFormat("_name", "_name", func(io.Reader) (image.Image, error) { Y = X; return nil, io.EOF }, _config)
			_, _, _ = image.Decode(strings.NewReader("_name"))`},
	}
}

// linkedPasses hand a value through functions of another package, which
// go:linkname names.
func linkedPasses() []pass {
	const used = `_ = unsafe.Sizeof(far.Linked)`
	return []pass{
		{"linkname", `+ //go:linkname _handOn m/far.handOn
			+ func _handOn(x any) any
			` + used + `; Y := _handOn([]T{X}).([]T)[0]`},
		{"linkname", `+ //go:linkname _call m/far.call
			+ func _call(f func())
			` + used + `; var Y T; _call(func() { Y = X })`},
		{"linkname", `+ //go:linkname _keep m/far.keep
			+ func _keep(k any, x any)
			+ //go:linkname _kept m/far.kept
			+ func _kept(k any) any
			` + used + `; _k := new(int); _keep(_k, []T{X}); Y := _kept(_k).([]T)[0]`},
		{"linkname", `+ //go:linkname _put m/far.(*Box).put
			+ func _put(b *far.Box, x any)
			+ //go:linkname _get m/far.(*Box).take
			+ func _get(b *far.Box) any
			` + used + `; _b := new(far.Box); _put(_b, []T{X}); Y := _get(_b).([]T)[0]`},
	}
}

// farText is the package whose functions linkedPasses name.
const farText = `package far

// Linked is for importers that only name functions by go:linkname.
const Linked = true

var things = map[any]any{}

func handOn(x any) any { return x }

func call(f func()) { f() }

func keep(k, x any) { things[k] = x }

func kept(k any) any { return things[k] }

type Box struct{ x any }

func (b *Box) put(x any) { b.x = x }

func (b *Box) take() any { return b.x }
`
