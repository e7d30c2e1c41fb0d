// Command workload does one kind of work of the stack, and prints how much it cost.
// Command netbench builds it in several ways and runs these in turn.
//
// Input: the kind of work, and -cpuprofile. Output: lines of a name and a figure.
//
//	workload forward   ns of processor time for a packet over three hops in one stack
//	workload bulk      ns of processor time for a kB by TCP over loopback, in segments of
//	                   1,460 bytes and in super-segments
//	workload images    the same over cables between images; what an image costs
//	workload pairs     how much more two pairs of images carry on two processors
//	                   than one pair on one
//
// The last two print nothing in a build without images.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"syscall"

	"github.com/go-vimage/vimage/runtime/vimage"
)

func main() {
	profile := flag.String("cpuprofile", "", "write a profile to this `file`")
	flag.Parse()
	if err := run(flag.Arg(0), *profile); err != nil {
		fmt.Fprintln(os.Stderr, "workload:", err)
		os.Exit(1)
	}
}

func run(kind, profile string) error {
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	images := vimage.Available() == nil
	switch kind {
	case "forward":
		runtime.GOMAXPROCS(1)
		return forward("forward", false)
	case "bulk":
		runtime.GOMAXPROCS(1)
		return bulk("bulk", nil)
	case "images":
		if !images {
			return nil
		}
		return overImages()
	case "pairs":
		if !images {
			return nil
		}
		return pairs()
	}
	return fmt.Errorf("%q: want forward, bulk, images or pairs", kind)
}

// report prints a figure.
func report(name string, v float64) { fmt.Println(name, v) }

// processorTime returns what the process used, in ns.
func processorTime() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // does not fail with these arguments
	return float64(u.Utime.Nano() + u.Stime.Nano())
}
