package attack

// reflectBases are what reflection writes as a whole, where it comes upon it in
// other memory: it sets none of its parts.
func reflectBases() []base {
	return []base{
		{
			lib: "reflectset", typ: "*_N", top: `+ type _N struct { n int }`,
			make: []string{`&_N{1}`},
			vars: []decl{{`+ var V = _N{1}`, `&V`}, {`+ var V = &_N{1}`, `V`}, {`+ var V = map[int]*_N{1: {1}}`, `V[1]`}, {`+ var V any = &_N{1}`, `V.(*_N)`}},
			writes: plain(
				`type _H struct { P *_N }; reflect.ValueOf(&_H{X}).Elem().Field(0).Elem().Set(reflect.ValueOf(_N{2}))`,
				`type _H struct { P any }; reflect.ValueOf(&_H{X}).Elem().Field(0).Elem().Elem().Set(reflect.ValueOf(_N{2}))`,
				`type _H struct { M map[string]*_N }; reflect.ValueOf(&_H{map[string]*_N{"k": X}}).Elem().FieldByName("M").MapIndex(reflect.ValueOf("k")).Elem().SetZero()`,
				`type _H struct { L []*_N }; reflect.ValueOf(&_H{[]*_N{X}}).Elem().Field(0).Index(0).Elem().SetZero()`,
				`_w := &[1]any{X}; reflect.Indirect(reflect.ValueOf(_w).Elem().Index(0).Elem()).Set(reflect.ValueOf(struct { n int }{2}))`,
				`type _H struct { P *_N }; _it := reflect.ValueOf(map[int]_N{1: {2}}).MapRange(); _it.Next(); reflect.ValueOf(&_H{X}).Elem().Field(0).Elem().SetIterValue(_it)`,
				`type _H struct { P *_N }; _it := reflect.ValueOf(map[_N]int{{2}: 1}).MapRange(); _it.Next(); reflect.ValueOf(&_H{X}).Elem().Field(0).Elem().SetIterKey(_it)`,
				`type _H struct { P *_N }; _f := reflect.ValueOf(&_H{X}).Elem().Field(0).Elem().Set; _f(reflect.ValueOf(_N{2}))`,
				`_c := make(chan *_N, 1); _c <- X; type _H struct { C chan *_N }; _w, _ := reflect.ValueOf(&_H{_c}).Elem().Field(0).Recv(); _w.Elem().SetZero()`,
				`type _H struct { P *_N }; _w := reflect.ValueOf(&_H{X}).Elem().Field(0); reflect.NewAt(_w.Type().Elem(), _w.UnsafePointer()).Elem().SetZero()`,
				`+ type _H struct { P *_N }
				 + func (h *_H) Get() *_N { return h.P }
				 type _O struct { H *_H }; reflect.ValueOf(&_O{&_H{X}}).Elem().Field(0).Method(0).Call(nil)[0].Elem().SetZero()`,
				`+ type _H struct { P *_N; A any; M map[int]*_N; L []*_N }
				 + func _merge(dst, src reflect.Value) {
				 + 	switch dst.Kind() {
				 + 	case reflect.Interface: if !dst.IsNil() { _merge(dst.Elem(), src.Elem()) }
				 + 	case reflect.Pointer: if !dst.IsNil() { dst.Elem().Set(src.Elem()) }
				 + 	case reflect.Map: for _, k := range dst.MapKeys() { _merge(dst.MapIndex(k), src.MapIndex(k)) }
				 + 	case reflect.Slice: for i := range dst.Len() { _merge(dst.Index(i), src.Index(i)) }
				 + 	case reflect.Struct: for i := range dst.NumField() { _merge(dst.Field(i), src.Field(i)) }
				 + 	}
				 + }
				 _merge(reflect.ValueOf(&_H{A: X}).Elem(), reflect.ValueOf(_H{A: &_N{2}}))
				 _merge(reflect.ValueOf(&_H{M: map[int]*_N{1: X}}).Elem(), reflect.ValueOf(_H{M: map[int]*_N{1: {3}}}))`,
			),
			changed: `X.n != 1`,
		},
		{
			lib: "reflectset", typ: "chan _I", top: `+ type _I int`,
			make: []string{`make(chan _I, 1)`},
			vars: []decl{{`+ var V = make(chan _I, 1)`, `V`}, {`+ var V = []chan _I{make(chan _I, 1)}`, `V[0]`}},
			writes: plain(
				`type _H struct { C chan _I }; reflect.ValueOf(&_H{X}).Elem().Field(0).Send(reflect.ValueOf(_I(1)))`,
				`type _H struct { C any }; reflect.ValueOf(&_H{X}).Elem().Field(0).Elem().TrySend(reflect.ValueOf(_I(1)))`,
				`type _H struct { C chan _I }; reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: reflect.ValueOf(&_H{X}).Elem().Field(0), Send: reflect.ValueOf(_I(1))}})`,
			),
			changed: `len(X) != 0`,
		},
		{
			lib: "reflectset", typ: "*_F", top: `+ type _F func() int
				+ func _make() *_F { f := _F(func() int { return 0 }); return &f }`,
			make: []string{`_make()`},
			vars: []decl{{`+ var V = _make()`, `V`}},
			writes: plain(
				`type _H struct { P *_F }; reflect.ValueOf(&_H{X}).Elem().Field(0).Elem().Set(reflect.ValueOf(_F(func() int { return 1 })))`,
				`type _H struct { P any }; reflect.ValueOf(&_H{X}).Elem().Field(0).Elem().Elem().Set(reflect.ValueOf(func() int { return 1 }))`,
			),
			changed: `(*X)() != 0`,
		},
	}
}
