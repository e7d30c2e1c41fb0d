package attack

// libraryForms are the standard library's things that hold a value, and what is
// written with its packages.
func libraryForms() []form {
	return []form{
		{
			lib: "errors", typ: "error",
			top: `+ type _E struct { elem T }
				+ func (e *_E) Error() string { return "" }`,
			in: []string{
				`Y := fmt.Errorf("in: %w", &_E{elem: X})`,
				`Y := errors.Join(errors.New("a"), &_E{elem: X})`,
				`var Y error = &_E{elem: X}; Y = fmt.Errorf("%w, %w", Y, errors.ErrUnsupported)`,
			},
			out: []string{
				`var _e *_E; errors.As(X, &_e); Y := _e.elem`,
				`_e, _ := errors.AsType[*_E](X); Y := _e.elem`,
			},
		},
		{
			lib: "list", typ: "*list.List",
			in: []string{
				`Y := list.New(); Y.PushBack(X)`,
				`Y := new(list.List).Init(); _e := Y.PushFront(nil); _e.Value = X`,
				`Y := list.New(); Y.InsertBefore(X, Y.PushBack(1)); Y.MoveToFront(Y.Front())`,
				`_l := list.New(); _l.PushBack(X); Y := list.New(); Y.PushBackList(_l)`,
			},
			out: []string{
				`Y := X.Front().Value.(T)`,
				`Y := X.Remove(X.Front()).(T)`,
				`var Y T; for e := X.Front(); e != nil; e = e.Next() { if v, ok := e.Value.(T); ok { Y = v } }`,
			},
		},
		{
			lib: "ring", typ: "*ring.Ring",
			in:  []string{`Y := ring.New(2); Y.Value = X`, `_r := ring.New(1); _r.Value = X; Y := ring.New(1); Y.Link(_r); Y = Y.Next()`},
			out: []string{`Y := X.Next().Next().Value.(T)`, `var Y T; X.Do(func(e any) { if v, ok := e.(T); ok { Y = v } })`},
		},
		{
			lib: "heap", typ: "*_H", key: always,
			top: `+ type _H []T
				+ func (h _H) Len() int { return len(h) }
				+ func (h _H) Less(i, j int) bool { return false }
				+ func (h _H) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
				+ func (h *_H) Push(x any) { *h = append(*h, x.(T)) }
				+ func (h *_H) Pop() any { x := (*h)[len(*h)-1]; *h = (*h)[:len(*h)-1]; return x }`,
			in:  []string{`Y := new(_H); heap.Push(Y, X)`, `Y := &_H{X, X}; heap.Init(Y); heap.Fix(Y, 1)`},
			out: []string{`Y := heap.Pop(X).(T)`, `heap.Push(X, (*X)[0]); Y := heap.Remove(X, 1).(T)`},
		},
		{
			lib: "syncmap", typ: "*sync.Map",
			in: []string{
				`Y := new(sync.Map); Y.Store("k", X)`,
				`Y := &sync.Map{}; Y.LoadOrStore("k", X)`,
				`Y := new(sync.Map); Y.Swap("k", X)`,
			},
			out: []string{
				`_v, _ := X.Load("k"); Y := _v.(T)`,
				`var Y T; X.Range(func(_, v any) bool { Y = v.(T); return false })`,
				`_v, _ := X.LoadAndDelete("k"); Y := _v.(T)`,
				`_v, _ := X.LoadOrStore("k", nil); Y := _v.(T)`,
				`_v, _ := X.Swap("k", 1); Y := _v.(T)`,
			},
		},
		{
			lib: "atomicptr", typ: "*atomic.Pointer[T]",
			in:  []string{`_w := X; Y := new(atomic.Pointer[T]); Y.Store(&_w)`, `_w := X; var _s struct { a int; p atomic.Pointer[T] }; _s.p.CompareAndSwap(nil, &_w); Y := &_s.p`},
			out: []string{`Y := *X.Load()`, `Y := *X.Swap(nil)`, `Y := *(*atomic.Pointer[T]).Load(X)`},
		},
		{
			lib: "atomicval", typ: "*atomic.Value",
			in:  []string{`Y := new(atomic.Value); Y.Store([]T{X})`, `Y := new(atomic.Value); Y.CompareAndSwap(nil, []T{X})`, `Y := new(atomic.Value); Y.Swap([]T{X})`},
			out: []string{`Y := X.Load().([]T)[0]`, `Y := X.Swap([]T{}).([]T)[0]`},
		},
		{
			lib: "pool", typ: "*sync.Pool",
			in:  []string{`_x := X; Y := &sync.Pool{New: func() any { return []T{_x} }}`, `_x := X; Y := new(sync.Pool); Y.New = func() any { return []T{_x} }; Y.Put([]T{_x})`},
			out: []string{`Y := X.Get().([]T)[0]`},
		},
		{
			lib: "context", typ: "context.Context", key: never,
			in: []string{
				`Y := context.WithValue(context.Background(), "k", X)`,
				`+ type _key struct{}
				 Y, _c := context.WithCancel(context.WithValue(context.WithValue(context.Background(), "k", X), _key{}, 1)); defer _c()`,
				`Y := context.WithoutCancel(context.WithValue(context.Background(), "k", X))`,
			},
			out: []string{
				`Y := X.Value("k").(T)`,
				`+ type _ctx struct { context.Context }
				 _c := _ctx{X}; Y, _ := _c.Value("k").(T)`,
			},
		},
		{
			lib: "iter", typ: "iter.Seq[T]", key: never,
			in: []string{`Y := slices.Values([]T{X})`, `Y := maps.Values(map[int]T{1: X})`, `Y := iter.Seq[T](func(yield func(T) bool) { yield(X) })`},
			out: []string{
				`var Y T; for e := range X { Y = e }`,
				`_next, _stop := iter.Pull(X); Y, _ := _next(); _stop()`,
				`Y := slices.Collect(X)[0]`,
				`Y := slices.AppendSeq([]T(nil), X)[0]`,
			},
		},
		{
			lib: "iter2", typ: "iter.Seq2[int, T]", key: never,
			in: []string{`Y := slices.All([]T{X})`, `Y := maps.All(map[int]T{0: X})`, `Y := slices.Backward([]T{X})`},
			out: []string{
				`var Y T; for _, e := range X { Y = e }`,
				`_next, _stop := iter.Pull2(X); _, Y, _ := _next(); defer _stop()`,
				`Y := maps.Collect(X)[0]`,
				`_m := map[int]T{}; maps.Insert(_m, X); Y := _m[0]`,
			},
		},
		{
			lib: "oncevalue", typ: "(func() T)", key: never,
			in:  []string{`_x := X; Y := sync.OnceValue(func() T { return _x })`},
			out: []string{`Y := X()`},
		},
		{
			lib: "oncevalues", typ: "(func() (T, error))", key: never,
			in:  []string{`_x := X; Y := sync.OnceValues(func() (T, error) { return _x, nil })`},
			out: []string{`Y, _ := X()`},
		},
		{
			lib: "reflectvalue", typ: "reflect.Value", key: never,
			in: []string{
				`Y := reflect.ValueOf([]T{X}).Index(0)`,
				`_w := X; Y := reflect.ValueOf(&_w).Elem()`,
				`Y := reflect.New(reflect.TypeFor[T]()).Elem(); Y.Set(reflect.ValueOf(&[]T{X}[0]).Elem())`,
				`Y := reflect.ValueOf(map[int]T{1: X}).MapIndex(reflect.ValueOf(1))`,
			},
			out: []string{`Y := X.Interface().(T)`, `_p := reflect.New(X.Type()); _p.Elem().Set(X); Y := *_p.Interface().(*T)`, `Y, _ := reflect.TypeAssert[T](X)`},
		},
		{
			lib: "weak", typ: "weak.Pointer[[1]T]",
			top: `+ var _Keep []*[1]T`,
			in:  []string{`_w := &[1]T{X}; _Keep = append(_Keep, _w); Y := weak.Make(_w)`},
			out: []string{`Y := X.Value()[0]`},
		},
		{
			lib: "unique", typ: "unique.Handle[T]", ok: func(t *typ) bool { return t.key },
			in:  []string{`Y := unique.Make(X)`},
			out: []string{`Y := X.Value()`},
		},
		{
			lib: "unsafe", typ: "unsafe.Pointer",
			in:  []string{`_w := X; Y := unsafe.Pointer(&_w)`, `_w := []T{X}; Y := unsafe.Pointer(unsafe.SliceData(_w))`, `_s := &struct { a int; e T }{e: X}; Y := unsafe.Add(unsafe.Pointer(_s), unsafe.Offsetof(_s.e))`},
			out: []string{`Y := *(*T)(X)`, `Y := unsafe.Slice((*T)(X), 1)[0]`, `Y := (*struct { e T })(X).e`},
		},
		{
			lib: "values", typ: "_Args", key: never,
			top: `+ type _Args map[string][]any`,
			in:  []string{`Y := _Args{"k": {X}}`, `Y := maps.Clone(_Args{"k": slices.Repeat([]any{X}, 2)})`},
			out: []string{`Y := slices.Concat(X["k"])[0].(T)`, `var Y T; for _, vs := range maps.All(X) { Y = vs[0].(T) }`},
		},
	}
}
