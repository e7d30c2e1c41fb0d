// Command logrus measures images of a program that logs with logrus. Built by
// vimagegen, it is run by cmd/imagebench; it prints lines of a name and a
// figure:
//
//	logrus read          nanoseconds of reading a plain global, a field through a local pointer, a virtual variable; of Do
//	logrus newclose      nanoseconds of New and Close
//	logrus live N        megabytes taken from the system by N live images
//	logrus exits N       what N images leave that end by os.Exit with two goroutines that are blocked for ever
//	logrus cycles N      bytes in use, and goroutines, after 10,000 and after N cycles of New, use and Close
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/go-vimage/vimage/runtime/vimage"
)

//vimage:shared it is what the others are compared with
var plain = 1

var virtual = 1

type local struct{ field int }

func readPlain(n int) (sum int) {
	for range n {
		sum += getPlain()
	}
	return sum
}

func getPlain() int { return plain }

//go:noinline
func readLocal(p *local, n int) (sum int) {
	for range n {
		sum += getLocal(p)
	}
	return sum
}

func getLocal(p *local) int { return p.field }

func readVirtual(n int) (sum int) {
	for range n {
		sum += getVirtual() // its hook is inlined here, and runs for each read
	}
	return sum
}

func getVirtual() int { return virtual }

func loopVirtual(n int) (sum int) {
	for range n {
		sum += virtual // the hook is at the function's head
	}
	return sum
}

func main() {
	virtual++
	plain++
	n := 0
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	switch os.Args[1] {
	case "read":
		read()
	case "newclose":
		newClose()
	case "live":
		live(n)
	case "exits":
		exits(n)
	case "cycles":
		cycles(n)
	}
}

// A way is one of several that are compared: they run in turn, in slices short
// enough that most of them are not interrupted by others on the machine.
type way struct {
	name string
	n    int // calls in a slice
	run  func(n int)
}

// compare prints the median of 201 slices of each way, in nanoseconds for a
// call.
func compare(ways ...way) {
	const slicesOfEach = 201
	took := make([][]float64, len(ways))
	for range slicesOfEach {
		for i, w := range ways {
			start := time.Now()
			w.run(w.n)
			took[i] = append(took[i], float64(time.Since(start).Nanoseconds())/float64(w.n))
		}
	}
	for i, w := range ways {
		slices.Sort(took[i])
		fmt.Println(w.name, took[i][slicesOfEach/2])
	}
}

var sink int

func read() {
	const n = 500_000
	p := &local{1}
	im := create()
	empty := func() {}
	compare(
		way{"plain", n, func(n int) { sink += readPlain(n) }},
		way{"local", n, func(n int) { sink += readLocal(p, n) }},
		way{"virtual", n, func(n int) { sink += readVirtual(n) }},
		way{"loop", n, func(n int) { sink += loopVirtual(n) }},
		way{"do", n / 20, func(n int) {
			for range n {
				im.Do(empty)
			}
		}},
	)
	const calls = 10_000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range calls {
		im.Do(empty)
	}
	runtime.ReadMemStats(&after)
	fmt.Println("doallocs", float64((after.Mallocs-before.Mallocs)/calls))
}

func create(opts ...vimage.Option) *vimage.Image {
	im, err := vimage.New(opts...)
	if err != nil {
		panic(err)
	}
	return im
}

func end(im *vimage.Image) {
	if err := im.Close(context.Background()); err != nil {
		panic(err)
	}
}

func newClose() {
	compare(way{"newclose", 50, func(n int) {
		for range n {
			end(create())
		}
	}})
}

func live(n int) {
	images := make([]*vimage.Image, n)
	for i := range images {
		images[i] = create()
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("livesys", float64(m.Sys)/1e6)
	fmt.Println("liveheap", float64(m.HeapAlloc)/1e6)
	start := time.Now()
	for _, im := range images {
		end(im)
	}
	fmt.Println("liveclose", float64(time.Since(start).Microseconds())/float64(n))
}

func exits(n int) {
	leave := func(parked int) {
		var before, after runtime.MemStats
		goroutines := runtime.NumGoroutine()
		measure(&before)
		for range n {
			done := make(chan bool)
			im := create(vimage.WithExit(func(int) { close(done) }))
			im.Go(func() {
				virtual++
				for range parked {
					go func() { select {} }()
				}
				os.Exit(0)
			})
			<-done
		}
		measure(&after)
		name := "exits" + strconv.Itoa(parked)
		fmt.Println(name+"goroutines", float64(runtime.NumGoroutine()-goroutines)/float64(n))
		fmt.Println(name+"heap", (float64(after.HeapAlloc)-float64(before.HeapAlloc))/float64(n))
		fmt.Println(name+"stacks", (float64(after.StackInuse)-float64(before.StackInuse))/float64(n))
	}
	leave(0)
	leave(2)
}

func measure(m *runtime.MemStats) {
	for range 3 {
		runtime.GC()
		time.Sleep(20 * time.Millisecond)
	}
	runtime.ReadMemStats(m)
}

func cycles(n int) {
	crowd(1000)
	for i := range n {
		im := create()
		im.Do(func() {
			logrus.SetLevel(logrus.ErrorLevel)
			logrus.Info("not printed")
			time.AfterFunc(time.Hour, func() {})
			time.NewTicker(time.Hour)
			go func() { virtual++ }()
		})
		im.Go(func() { <-im.Context().Done() })
		end(im)
		if i+1 == 10_000 || i+1 == n {
			level(strconv.Itoa(i + 1))
		}
	}
}

func level(name string) {
	for range 3 {
		runtime.GC()
		time.Sleep(20 * time.Millisecond)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("heap"+name, float64(m.HeapAlloc))
	fmt.Println("sys"+name, float64(m.Sys-m.HeapReleased))
	fmt.Println("goroutines"+name, float64(runtime.NumGoroutine()))
}

// crowd lets n goroutines be there at once. The scheduler keeps the descriptor
// of each for ever; how many it keeps would else depend on how many cycles
// happened to overlap by then.
func crowd(n int) {
	hold := make(chan struct{})
	var all sync.WaitGroup
	for range n {
		all.Go(func() { <-hold })
	}
	close(hold)
	all.Wait()
}
