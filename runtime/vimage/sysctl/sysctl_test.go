package sysctl_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

type level int8

// one sysctl of each kind, under a name of the test's own.
func kinds(t *testing.T) (prefix string) {
	t.Helper()
	prefix = strings.ReplaceAll(t.Name(), "/", "_")
	var (
		forwarding = true
		ttl        = uint8(64)
		timeout    = 30 * time.Second
		policy     = "drop"
		ratio      = 0.5
		verbosity  level
		big        uint64 = math.MaxUint64
		started           = 7
	)
	sysctl.Var(prefix+".forwarding", &forwarding, sysctl.RW, "Forward packets")
	sysctl.Var(prefix+".ttl", &ttl, sysctl.RW, "Time to live", sysctl.Min(1), sysctl.Max("0x80"))
	sysctl.Var(prefix+".timeout", &timeout, sysctl.RW, "Timeout", sysctl.Max(time.Minute))
	sysctl.Var(prefix+".policy", &policy, sysctl.RW, "Policy", sysctl.OneOf("drop", "reject"))
	sysctl.Var(prefix+".ratio", &ratio, sysctl.RW, "Ratio", sysctl.Min(0), sysctl.Max(1))
	sysctl.Var(prefix+".level", &verbosity, sysctl.RW, "Level", sysctl.Enum("quiet", "loud"))
	sysctl.Var(prefix+".big", &big, sysctl.RO, "Big")
	sysctl.Func(prefix+".even", func() int { return started }, func(n int) error {
		if n%2 != 0 {
			return errOdd
		}
		started = n
		return nil
	}, "Even")
	t.Cleanup(func() {
		for _, s := range sysctl.List(prefix) {
			sysctl.Remove(s.Name)
		}
	})
	return prefix
}

var errOdd = errors.New("odd")

func TestSet(t *testing.T) {
	prefix := kinds(t)
	for _, c := range []struct {
		name  string
		value any
		want  string // the value after it, or the error without its beginning
		err   error
	}{
		{"forwarding", false, "false", nil},
		{"forwarding", "1", "true", nil},
		{"forwarding", "maybe", `wrong type: want bool, not "maybe"`, sysctl.ErrType},
		{"forwarding", 1, "wrong type: want bool, not int", sysctl.ErrType},
		{"ttl", 128, "128", nil},
		{"ttl", uint8(3), "3", nil},
		{"ttl", 0, "out of range: 0 is less than 1", sysctl.ErrRange},
		{"ttl", "129", "out of range: 129 is more than 128", sysctl.ErrRange},
		{"ttl", 256, `wrong type: "256" does not fit into uint8`, sysctl.ErrType},
		{"ttl", -1, `wrong type: want uint8, not "-1"`, sysctl.ErrType},
		{"ttl", nil, "wrong type: want uint8, not <nil>", sysctl.ErrType},
		{"timeout", "1m", "1m0s", nil},
		{"timeout", time.Millisecond, "1ms", nil},
		{"timeout", 5, "wrong type: want duration, not int", sysctl.ErrType},
		{"timeout", "5", `wrong type: want duration, not "5"`, sysctl.ErrType},
		{"timeout", "61s", "out of range: 1m1s is more than 1m0s", sysctl.ErrRange},
		{"policy", "reject", "reject", nil},
		{"policy", "accept", "out of range: want one of drop, reject, not accept", sysctl.ErrRange},
		{"ratio", 1, "1", nil},
		{"ratio", "0.25", "0.25", nil},
		{"ratio", math.NaN(), "out of range: NaN is less than 0", sysctl.ErrRange},
		{"level", "loud", "loud", nil},
		{"level", 0, "quiet", nil},
		{"level", 2, "out of range: want one of quiet, loud, not 2", sysctl.ErrRange},
		{"level", "shrill", `wrong type: want one of quiet, loud, not "shrill"`, sysctl.ErrType},
		{"big", 1, "read-only", sysctl.ErrReadOnly},
		{"even", 8, "8", nil},
		{"even", 9, "odd", errOdd},
		{"none", 1, "no such sysctl", sysctl.ErrUnknown},
	} {
		t.Run(fmt.Sprintf("%s=%v", c.name, c.value), func(t *testing.T) {
			err := sysctl.Set(prefix+"."+c.name, c.value)
			if !errors.Is(err, c.err) {
				t.Fatalf("got error %v want %v", err, c.err)
			}
			if err != nil {
				if got := strings.TrimPrefix(err.Error(), "sysctl "+prefix+"."+c.name+": "); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
				return
			}
			got, err := sysctl.Lookup(prefix + "." + c.name)
			if err != nil || got.Text != c.want {
				t.Errorf("got %v, %v want %s", got.Text, err, c.want)
			}
			if err := sysctl.Set(prefix+"."+c.name, got.Text); err != nil {
				t.Errorf("its text is not taken: %v", err)
			}
		})
	}
}

func TestList(t *testing.T) {
	prefix := kinds(t)
	var got strings.Builder
	for _, s := range sysctl.List(prefix) {
		fmt.Fprintln(&got, strings.TrimPrefix(s.Name, prefix), s.Type, s.Writable, s.Text, s.Min, s.Max, s.OneOf, s.Description)
	}
	const want = `.big uint64 false 18446744073709551615   [] Big
.even int true 7   [] Even
.forwarding bool true true   [] Forward packets
.level int8 true quiet   [quiet loud] Level
.policy string true drop   [drop reject] Policy
.ratio float64 true 0.5 0 1 [] Ratio
.timeout duration true 30s  1m0s [] Timeout
.ttl uint8 true 64 1 128 [] Time to live
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
	if list := sysctl.List(prefix + ".t"); len(list) > 0 {
		t.Errorf("half a word found %v", list)
	}
	if v, err := sysctl.Get(prefix + ".ttl"); v != uint8(64) || err != nil {
		t.Errorf("got %T %v, %v", v, v, err)
	}
	if _, err := sysctl.Get(prefix); !errors.Is(err, sysctl.ErrUnknown) {
		t.Errorf("an inner name: %v", err)
	}
}

func TestOnChange(t *testing.T) {
	prefix := kinds(t)
	var told []string
	sysctl.OnChange(func(c sysctl.Change) { told = append(told, strings.TrimPrefix(c.String(), "sysctl "+prefix)) })
	defer sysctl.OnChange(nil)
	sysctl.Set(prefix+".ttl", 5)
	sysctl.Set(prefix+".ttl", 0)
	sysctl.Set(prefix+".even", 3)
	sysctl.Set(prefix+".timeout", "2s")
	if got, want := strings.Join(told, "; "), ".ttl: 64 -> 5; .timeout: 30s -> 2s"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestRegister(t *testing.T) {
	var n int
	var s string
	var d time.Duration
	for want, register := range map[string]func(){
		"registered twice": func() {
			sysctl.Var("r.a", &n, sysctl.RO, "")
			sysctl.Var("r.a", &n, sysctl.RO, "")
		},
		"both it and r.b.c are registered, of which one is below the other": func() {
			sysctl.Var("r.b.c", &n, sysctl.RO, "")
			sysctl.Var("r.b", &n, sysctl.RO, "")
		},
		"ill-formed name: want words of letters, digits, _, - and %, with dots between": func() { sysctl.Var("r..c", &n, sysctl.RO, "") },
		"min: want int, not \"x\"":                               func() { sysctl.Var("r.d", &n, sysctl.RO, "", sysctl.Min("x")) },
		"max is less than min":                                   func() { sysctl.Var("r.e", &n, sysctl.RO, "", sysctl.Min(2), sysctl.Max(1)) },
		"min wants a number":                                     func() { sysctl.Var("r.f", &s, sysctl.RO, "", sysctl.Min("a")) },
		"enum wants an integer and at least one name":            func() { sysctl.Var("r.g", &d, sysctl.RO, "", sysctl.Enum("a")) },
		"the variable's value is out of range: 0 is less than 1": func() { sysctl.Var("r.h", &n, sysctl.RO, "", sysctl.Min(1)) },
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasSuffix(got, ": "+want) {
					t.Errorf("got %s", got)
				}
			}()
			register()
		})
	}
	for _, s := range sysctl.List("r") {
		sysctl.Remove(s.Name)
	}
}

// Values next to each other in one word do not disturb each other, and readers
// that run see whole values only.
func TestReaders(t *testing.T) {
	var v struct {
		a, b, c uint8
		d       bool
		e       int16
		f       bool
		s       string
		g       float32
		h       int64
	}
	const n = 5000
	var wg sync.WaitGroup
	fight(&wg, n, &v.a, 1, 200)
	fight(&wg, n, &v.b, 255, 0)
	fight(&wg, n, &v.c, 7, 8)
	fight(&wg, n, &v.d, true, false)
	fight(&wg, n, &v.e, -1, 256)
	fight(&wg, n, &v.f, true, false)
	fight(&wg, n, &v.s, "short", "a longer one")
	fight(&wg, n, &v.g, -1, 1e30)
	fight(&wg, n, &v.h, -1, 1)
	wg.Wait()
	if v.a != 200 || v.b != 0 || v.c != 8 || v.d || v.e != 256 || v.f || v.s != "a longer one" || v.g != 1e30 || v.h != 1 {
		t.Errorf("ended as %+v", v)
	}
}

func fight[T sysctl.Value](wg *sync.WaitGroup, n int, p *T, x, y T) {
	sysctl.Store(p, y)
	wg.Go(func() {
		for range n {
			sysctl.Store(p, x)
			sysctl.Store(p, y)
		}
	})
	wg.Go(func() {
		for range n {
			if v := sysctl.Load(p); v != x && v != y {
				panic(fmt.Sprintf("read %v, which is neither %v nor %v", v, x, y))
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	var flag bool
	var n int
	var s string
	b.Run("bool", func(b *testing.B) {
		for b.Loop() {
			sysctl.Load(&flag)
		}
	})
	b.Run("int", func(b *testing.B) {
		for b.Loop() {
			sysctl.Load(&n)
		}
	})
	b.Run("string", func(b *testing.B) {
		for b.Loop() {
			sysctl.Load(&s)
		}
	})
}
