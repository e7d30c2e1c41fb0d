package metrics

// Gauge is implemented by a type that importers cannot name.
type Gauge interface {
	Inc()
	Get() int
}

type gauge struct{ n int }

func (g *gauge) Inc()     { g.n++ }
func (g *gauge) Get() int { return g.n }

func New() Gauge { return &gauge{} }

// Sink has a type that writes itself and one that does not.
type Sink interface{ Put(int) }

type list struct{ all []int }

func (l *list) Put(n int) { l.all = append(l.all, n) }

type discard struct{ _ int }

func (*discard) Put(int) {}

func NewSink() Sink { return &list{} }
