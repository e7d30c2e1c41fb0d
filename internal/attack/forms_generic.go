package attack

// generics are generic containers with methods, and what is got by
// instantiating them.
func generics() []form {
	const box = `+ type _Box[U any] struct { a int; elem U; ptr *U }
		+ func (b *_Box[U]) get() U { return b.elem }
		+ func (b *_Box[U]) set(x U) { b.elem = x }
		+ func (b *_Box[U]) addr() *U { return &b.elem }
		+ func _New[U any](x U) *_Box[U] { return &_Box[U]{elem: x} }
		`
	return []form{
		{
			typ: "*_Box[T]", top: box,
			in: []string{
				`Y := &_Box[T]{elem: X}`,
				`var _x T = X; Y := _New(_x)`,
				`Y := new(_Box[T]); Y.set(X)`,
				`Y := new(_Box[T]); *Y.addr() = X`,
				`Y := new(_Box[T]); (*_Box[T]).set(Y, X)`,
				`+ func _mk[U any](x U) *_Box[U] { return &_Box[U]{elem: x} }
				 var _x T = X; Y := _mk(_x)`,
			},
			out: []string{
				`Y := X.elem`,
				`Y := X.get()`,
				`Y := *X.addr()`,
				`_c := *X; Y := _c.elem`,
				`_f := (*_Box[T]).get; Y := _f(X)`,
				`+ type _getter[U any] interface { get() U }
				 + func _from[U any](g _getter[U]) U { return g.get() }
				 Y := _from[T](X)`,
				`+ func _via[U any, G interface { get() U }](g G) U { return g.get() }
				 Y := _via[T](X)`,
			},
		},
		{
			typ: "_Stack[T]", key: never,
			top: `+ type _Stack[U any] []U
				+ func (s *_Stack[U]) set(x U) { *s = append(*s, x) }
				+ func (s *_Stack[U]) Pop() (x U) { x = (*s)[len(*s)-1]; *s = (*s)[:len(*s)-1]; return }
				+ func (s _Stack[U]) get() U { return s[len(s)-1] }
				+ func (s _Stack[U]) All() func(func(int, U) bool) { return func(yield func(int, U) bool) { for i, x := range s { if !yield(i, x) { return } } } }`,
			in:  []string{`Y := _Stack[T]{X}`, `var Y _Stack[T]; Y.set(X)`, `var Y _Stack[T]; Y.set(X); Y.set(Y.Pop())`},
			out: []string{`Y := X.get()`, `_s := X; Y := _s.Pop()`, `var Y T; for _, e := range X.All() { Y = e }`, `_s := X[:]; Y := (&_s).Pop()`},
		},
		{
			typ: "*_List[T]",
			top: `+ type _Node[U any] struct { next, prev *_Node[U]; elem U }
				+ type _List[U any] struct { root _Node[U]; n int }
				+ func (l *_List[U]) set(x U) { n := &_Node[U]{elem: x, prev: &l.root, next: l.root.next}; if n.next != nil { n.next.prev = n }; l.root.next = n; l.n++ }
				+ func (l *_List[U]) get() U { return l.root.next.elem }
				+ func (l *_List[U]) Front() *_Node[U] { return l.root.next }
				+ func (l *_List[U]) All() func(func(U) bool) { return func(yield func(U) bool) { for n := l.root.next; n != nil && yield(n.elem); n = n.next { } } }`,
			in:  []string{`Y := new(_List[T]); Y.set(X)`, `Y := &_List[T]{}; Y.set(X); Y.set(Y.get())`},
			out: []string{`Y := X.get()`, `Y := X.Front().elem`, `var Y T; for e := range X.All() { Y = e }`, `_n := *X.Front(); Y := _n.elem`},
		},
		{
			typ: "_Map[string, T]", key: never,
			top: `+ type _Map[K comparable, U any] map[K]U
				+ func (m _Map[K, U]) set(k K, x U) _Map[K, U] { m[k] = x; return m }
				+ func (m _Map[K, U]) get(k K) (x U, ok bool) { x, ok = m[k]; return }
				+ func (m _Map[K, U]) Values() (xs []U) { for _, x := range m { xs = append(xs, x) }; return }`,
			in:  []string{`Y := _Map[string, T]{"k": X}`, `Y := _Map[string, T]{}.set("k", X)`},
			out: []string{`Y, _ := X.get("k")`, `Y := X.Values()[0]`, `Y := X["k"]`},
		},
		{
			typ: "_Set[T]", key: never, ok: func(t *typ) bool { return t.key },
			top: `+ type _Set[K comparable] struct { m map[K]struct{} }
				+ func (s *_Set[K]) set(k K) { if s.m == nil { s.m = map[K]struct{}{} }; s.m[k] = struct{}{} }
				+ func (s _Set[K]) get() (k K) { for k = range s.m { }; return }`,
			in:  []string{`var Y _Set[T]; Y.set(X)`},
			out: []string{`Y := X.get()`, `_s := X; Y := _s.get()`},
		},
		{
			typ: "_Pair[int, T]", key: asElem,
			top: `+ type _Pair[K, U any] struct { Key K; elem U }
				+ func (p _Pair[K, U]) Swap() _Pair[U, K] { return _Pair[U, K]{Key: p.elem, elem: p.Key} }`,
			in:  []string{`Y := _Pair[int, T]{Key: 1, elem: X}`, `Y := _Pair[T, int]{Key: X}.Swap()`},
			out: []string{`Y := X.elem`, `Y := X.Swap().Key`, `Y := X.Swap().Swap().elem`},
		},
		{
			typ: "_Opt[T]", key: asElem,
			top: `+ type _Opt[U any] interface { get() (U, bool) }
				+ type _Some[U any] struct { elem U }
				+ type _None[U any] struct{}
				+ func (s _Some[U]) get() (U, bool) { return s.elem, true }
				+ func (_None[U]) get() (x U, ok bool) { return }`,
			in:  []string{`var Y _Opt[T] = _Some[T]{elem: X}`, `_os := []_Opt[T]{_None[T]{}, _Some[T]{elem: X}}; Y := _os[1]`},
			out: []string{`Y, _ := X.get()`, `Y := X.(_Some[T]).elem`, `var Y T; switch o := X.(type) { case _None[T]: case _Some[T]: Y = o.elem }`},
		},
		{
			typ: "_Alias[T]", key: never, top: `+ type _Alias[U any] = map[int][]U`,
			in:  []string{`Y := _Alias[T]{1: {X}}`, `Y := _Alias[T]{}; Y[1] = append(Y[1], X)`},
			out: []string{`Y := X[1][0]`, `var Y T; for _, xs := range X { for _, Y = range xs { } }`},
		},
		{
			typ: "(func(int) _Res[T])", key: never, top: `+ type _Res[U any] struct { elem U; Err error }`,
			in: []string{
				`Y := func(int) _Res[T] { return _Res[T]{elem: X} }`,
				`+ func _curry[A, B, C any](f func(A, B) C) func(A) func(B) C { return func(a A) func(B) C { return func(b B) C { return f(a, b) } } }
				 Y := _curry(func(x T, n int) _Res[T] { return _Res[T]{elem: x} })(X)`,
			},
			out: []string{
				`Y := X(1).elem`,
				`+ func _compose[A, B, C any](f func(A) B, g func(B) C) func(A) C { return func(a A) C { return g(f(a)) } }
				 Y := _compose(X, func(r _Res[T]) T { return r.elem })(1)`,
			},
		},
	}
}
