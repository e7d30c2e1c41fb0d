//go:build vimage

// Command committed measures the label slot of a stock toolchain, with logrus
// adopted. It is compiled by cmd/committedbench with -tags vimage, and prints
// lines of a name and a figure: medians of 1001 pairs that are measured in
// turn.
//
//	hook      nanoseconds of a call of the hook, less those of the loop around it
//	hoisted   nanoseconds of reading a field by a hook at the function's head, less those of reading a local struct's
//	newclose  nanoseconds of New and Close
package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/go-vimage/vimage/runtime/vimage"
)

const (
	pairs = 1001
	loops = 100_000
)

//go:noinline
func hooks(n int) (missing int) {
	for range n {
		if logrus.INIT_VNET_LOGRUS() == nil {
			missing++
		}
	}
	return missing
}

//go:noinline
func noHooks(n int) (missing int) {
	p := logrus.INIT_VNET_LOGRUS()
	for range n {
		if p == nil {
			missing++
		}
	}
	return missing
}

//go:noinline
func hoisted(n int) (sum int) {
	p := logrus.INIT_VNET_LOGRUS()
	for range n {
		sum += len(p.V_ErrorKey)
	}
	return sum
}

type local struct{ key string }

//go:noinline
func fields(p *local, n int) (sum int) {
	for range n {
		sum += len(p.key)
	}
	return sum
}

// difference returns the median of what f takes more than g, in nanoseconds a
// round of their loops.
func difference(f, g func()) float64 {
	var all []float64
	for range pairs {
		all = append(all, clock(f)-clock(g))
	}
	return median(all) / loops
}

func clock(f func()) float64 {
	start := time.Now()
	f()
	return float64(time.Since(start).Nanoseconds())
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

func newClose() {
	image, err := vimage.New()
	if err == nil {
		err = image.Close(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	image, err := vimage.New()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	p := &local{*logrus.V_ErrorKey()}
	image.Do(func() {
		fmt.Println("hook", difference(func() { hooks(loops) }, func() { noHooks(loops) }))
		fmt.Println("hoisted", difference(func() { hoisted(loops) }, func() { fields(p, loops) }))
	})
	var all []float64
	for range pairs {
		all = append(all, clock(newClose))
	}
	fmt.Println("newclose", median(all))
}
