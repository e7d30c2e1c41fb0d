package profile_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"runtime/pprof"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/profile"
)

//go:noinline
func spin(until time.Time) (n int) {
	for time.Now().Before(until) {
		for i := range 1000 {
			n += i
		}
	}
	return n
}

func busy(kind string) {
	pprof.Do(context.Background(), pprof.Labels("kind", kind, "other", "x"), func(context.Context) {
		spin(time.Now().Add(300 * time.Millisecond))
	})
}

func TestCPU(t *testing.T) {
	var b bytes.Buffer
	if err := pprof.StartCPUProfile(&b); err != nil {
		t.Skip(err)
	}
	busy("a")
	busy("b")
	pprof.StopCPUProfile()
	p, err := profile.Parse(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.Types, " "); got != "samples/count cpu/nanoseconds" {
		t.Fatalf("types %s", got)
	}
	seen := map[string]int64{}
	for _, s := range p.Samples {
		for _, f := range s.Stack {
			if strings.HasSuffix(f.Func, ".spin") && strings.HasSuffix(f.File, "profile_test.go") && f.Line > 0 {
				seen[s.Labels["kind"]] += s.Values[1]
				break
			}
		}
	}
	if seen["a"] == 0 || seen["b"] == 0 || len(seen) != 2 {
		t.Errorf("time by label: %v", seen)
	}
}

func waits(c chan bool) { <-c }

func TestGoroutines(t *testing.T) { synctest.Test(t, testGoroutines) }

func testGoroutines(t *testing.T) {
	c := make(chan bool)
	for range 3 {
		go waits(c)
	}
	synctest.Wait() // a goroutine that has not run yet has another stack
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 0); err != nil {
		t.Fatal(err)
	}
	close(c)
	p, err := profile.Parse(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for _, s := range p.Samples {
		if len(s.Stack) == 0 { // seen with the race detector
			continue
		}
		if last := s.Stack[len(s.Stack)-1]; strings.HasSuffix(last.Func, ".waits") {
			n += s.Values[0]
		}
	}
	if n != 3 {
		t.Errorf("%d goroutines in waits", n)
	}
}

// What is cut off, or is no profile, gives an error and no panic.
func TestWrong(t *testing.T) {
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 0); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	zip := func(text []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(text)
		w.Close()
		return b.Bytes()
	}
	failed := 0
	for i := 1; i < len(text); i += 1 + len(text)/300 {
		if _, err := profile.Parse(zip(text[:i])); err != nil {
			failed++
		}
		broken := bytes.Clone(text)
		broken[i] ^= 0x55
		profile.Parse(zip(broken))
	}
	if failed == 0 {
		t.Error("no error for a profile that is cut off")
	}
	for _, s := range []string{"", "x", "\x1f\x8b"} {
		if _, err := profile.Parse([]byte(s)); err == nil || !strings.HasPrefix(err.Error(), "profile: ") {
			t.Errorf("%q: %v", s, err)
		}
	}
}
