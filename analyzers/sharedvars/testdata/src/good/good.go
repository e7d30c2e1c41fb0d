package good

type Level uint8

type Row [3]int16

const size = 2

//vimage:shared_page good version=1.1
type Good struct {
	On         bool
	A, B       uint64
	Level      Level
	Ratio      float32
	Row        Row
	Levels     [size]Level
	Host       string `vdso:"cap=10,fallback=host" json:"host"`
	unexported int32
}

func host() string { return "" }

//vimage:vdso fallback=slow
func sum(g *Good, n uint64) uint64 { return g.A + g.B + n }

func slow(n uint64) uint64 { return n }

//vimage:vdso fallback=slowWhole
func Whole(g *Good) (Good, error) { return *g, nil }

func slowWhole() (Good, error) { return Good{}, nil }
