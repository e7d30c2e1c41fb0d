package b

type T struct {
	N    int
	Next *T
	List []string
	M    map[string]*T
	F    func()
}

var Kept *T

func Read(t *T) int { return t.N + len(t.List) } // want Read:"reads"

func Write(t *T) { t.N = 1 } // want Write:"0 written"

func WriteDeep(t *T) { t.M["x"].Next.List[0] = "y" } // want WriteDeep:"0 written"

func Through(t *T) { Write(t.Next) } // want Through:"0 written"

func (t *T) Set(n int) { t.N = n } // want Set:"0 written"

func (t T) Copy(n int) T { t.N = n; return t } // want Copy:"returns 0"

func Element(s []int) { s[0] = 1 } // want Element:"0 written"

func Array(a [3]int) { a[0] = 1 }

func ArrayPointer(a *[3]int) { a[0] = 1 } // want ArrayPointer:"0 written"

func Map(m map[string]int) { m["a"]++ } // want Map:"0 written"

func Delete(m map[string]int) { delete(m, "a") } // want Delete:"0 written"

func Range(m map[string]*int) { // want Range:"0 written"
	for _, p := range m {
		*p = 1
	}
}

func Keep(t *T) { Kept = t } // want Keep:"0 kept"

func Identity(a, b *T) *T { // want Identity:"returns 1"
	return b
}

func Either(a, b *T) *T { // want Either:"returns 0, returns 1"
	if a.N > 0 {
		return a
	}
	return b
}

func Call(t *T) { t.F() } // want Call:"0 handed on"

type Iface interface{ Do(*T) }

func Method(i Iface, t *T) { i.Do(t) } // want Method:"0 handed on, 1 handed on"

func Closure(t *T) { // want Closure:"0 written"
	f := func() { t.N = 2 }
	f()
}

func Deferred(t *T) { // want Deferred:"0 written"
	defer func() { t.N = 2 }()
}

func Recursive(t *T, n int) { // want Recursive:"0 written"
	if n > 0 {
		other(t.Next, n-1)
	}
}

func other(t *T, n int) {
	t.N = n
	Recursive(t, n)
}

func Append(s []int) []int { return append(s, 1) } // want Append:"0 written, returns 0"

func AppendCopy(s []int) []int { return append([]int(nil), s...) } // want AppendCopy:"reads"

func Copied(dst, src []int) { copy(dst, src) } // want Copied:"0 written"

func Swap[E any](s []E, i, j int) { s[i], s[j] = s[j], s[i] } // want Swap:"0 written"

func Send(c chan int) { c <- 1 } // want Send:"0 written"

func NoReferences(a, b int, s string) string { return s[a:b] }

// Counter is implemented by types that write their receiver, and no other.
type Counter interface {
	Inc()        // want Inc:"0 written, 0 handed on, returns 0"
	Value() int
	Name() string
}

type count struct{ n, asked int }

func (c *count) Inc()         { c.n++ } // want Inc:"0 written"
func (c *count) Value() int   { c.asked++; return c.n } // want Value:"0 written"
func (c *count) Name() string { return "count" } // want Name:"reads"

type total struct{ count }

func (t *total) Value() int { return t.n } // want Value:"reads"

func NewCounter() Counter { return &count{} }

func Invoke(c Counter) { c.Inc() } // want Invoke:"0 handed on"

func InvokeName(c Counter) string { return c.Name() } // want InvokeName:"0 handed on"
