//go:build !vimage

package lib

type Config struct{ Level int }

func (c *Config) Raise()  { c.Level++ }
func (c Config) Get() int { return c.Level }

type Weigher interface{ Weigh() int }

var (
	Level = 1
	Conf  Config
	Ptr   = &Config{}
	Names []string
	Table [4]int
	By    = map[string]int{}
	Do    = func(n int) int { return n }
	W     Weigher
	Any   any
	Jobs  = make(chan int, 1)
	Fixed = 3 // no accessor
	Other = 4 // its V_Other is something else
)

func V_Other() int { return 0 }
