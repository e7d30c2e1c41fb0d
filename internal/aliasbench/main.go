//go:build unix

// Command aliasbench measures what calls of slots cost, in the way that it was
// built, beside other ways to call a function that may be replaced. All kinds
// of calls are measured in turn, many times for some milliseconds, so that what
// else the machine does meets all of them alike. It prints medians, and the
// tenth of the samples that is the fastest, in nanoseconds.
//
//	M=./internal/aliasbench/module,./internal/aliasbench/image
//	vimagegen build -mode nop -o off ./internal/aliasbench
//	vimagegen build -mode nop -modules $M -o fixed ./internal/aliasbench
//	vimagegen build -mode nop -loadable -modules $M -o loadable ./internal/aliasbench
//	vimagegen build -loadable -modules $M -o images ./internal/aliasbench
//	./loadable -cpuprofile p && vimagegen build -mode nop -loadable -modules $M -pgo p -o profiled ./internal/aliasbench
//
// Then it loads and unloads the module while goroutines call the slot, and
// prints how long Unload takes.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-vimage/vimage/internal/aliasbench/kernel"
	"github.com/go-vimage/vimage/runtime/alias"
)

// A kind is a way to call.
type kind struct {
	name string
	run  func(n int) int // n calls, one after the other
}

type adder interface{ Add(n int) int }

type direct struct{}

func (direct) Add(n int) int { return kernel.Direct(n) }

type ops struct {
	sync.RWMutex
	add func(int) int
}

// kinds returns them. What could be known to the compiler comes from a
// variable.
func kinds(any adder, f func(int) int) []kind {
	var pointer atomic.Pointer[func(int) int]
	pointer.Store(&f)
	guarded := &ops{add: f}
	return []kind{
		{"direct", func(n int) (sum int) {
			for range n {
				sum = kernel.Direct(sum)
			}
			return sum
		}},
		{"slot", func(n int) (sum int) {
			for range n {
				sum = kernel.Slot(sum)
			}
			return sum
		}},
		{"slot per image", func(n int) (sum int) {
			for range n {
				sum = kernel.PerImage(sum)
			}
			return sum
		}},
		{"interface", func(n int) (sum int) {
			for range n {
				sum = any.Add(sum)
			}
			return sum
		}},
		{"variable", func(n int) (sum int) {
			for range n {
				sum = f(sum)
			}
			return sum
		}},
		{"atomic pointer", func(n int) (sum int) {
			for range n {
				sum = (*pointer.Load())(sum)
			}
			return sum
		}},
		{"RWMutex and ops", func(n int) (sum int) {
			for range n {
				guarded.RLock()
				sum = guarded.add(sum)
				guarded.RUnlock()
			}
			return sum
		}},
	}
}

const perSample = 100_000

func measure(title string, list []kind, rounds int) {
	samples := make([][]float64, len(list))
	for range rounds {
		for i, k := range list {
			start := time.Now()
			if k.run(perSample) != perSample {
				log.Fatalf("%s: wrong sum", k.name)
			}
			samples[i] = append(samples[i], float64(time.Since(start).Nanoseconds())/perSample)
		}
	}
	fmt.Println(title)
	for i, k := range list {
		slices.Sort(samples[i])
		fmt.Printf("  %-16s median %6.2f  fastest tenth %6.2f\n", k.name, samples[i][rounds/2], samples[i][rounds/10])
	}
}

// parallel returns the processor time of a counted call when some goroutines
// call at the same time.
func parallel(workers, rounds int) float64 {
	var samples []float64
	for range rounds {
		var wg sync.WaitGroup
		start := used()
		for range workers {
			wg.Go(func() {
				for range perSample {
					kernel.Slot(1)
				}
			})
		}
		wg.Wait()
		samples = append(samples, float64((used()-start).Nanoseconds())/perSample/float64(workers))
	}
	slices.Sort(samples)
	return samples[rounds/2]
}

// used returns the processor time of the process.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// unloads returns how long Unload took, sorted.
func unloads(ctx context.Context, m *alias.Module, n int) (out []time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for ctx.Err() == nil {
				for range 1000 {
					kernel.Slot(1)
				}
			}
		})
	}
	for range n {
		if err := alias.Load(ctx, m); err != nil {
			log.Fatal(err)
		}
		start := time.Now()
		if err := alias.Unload(ctx, m); err != nil {
			log.Fatal(err)
		}
		out = append(out, time.Since(start))
	}
	cancel()
	wg.Wait()
	slices.Sort(out)
	return out
}

func main() {
	rounds := flag.Int("n", 200, "samples of each kind")
	profile := flag.String("cpuprofile", "", "file for a CPU profile")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			log.Fatal(err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
	list := kinds(direct{}, kernel.Direct)
	if alias.Available() != nil {
		measure("slots are linked when the program is built:", list, *rounds)
		return
	}
	ctx := context.Background()
	measure("slots run their stubs:", list, *rounds)
	for _, m := range alias.Known() {
		if err := alias.Load(ctx, m); err != nil {
			log.Fatal(err)
		}
	}
	measure("slots run modules:", list[:3], *rounds)
	fmt.Printf("  %-16s median %6.2f of processor time\n", "slot, one core", parallel(1, *rounds))
	fmt.Printf("  %-16s median %6.2f of processor time\n", "slot, all cores", parallel(runtime.GOMAXPROCS(0), *rounds))
	m := alias.Find("github.com/go-vimage/vimage/internal/aliasbench/module")
	if err := alias.Unload(ctx, m); err != nil {
		log.Fatal(err)
	}
	d := unloads(ctx, m, *rounds*10)
	fmt.Printf("unload of %d: median %v, p99 %v, most %v\n", len(d), d[len(d)/2], d[len(d)*99/100], d[len(d)-1])
}
