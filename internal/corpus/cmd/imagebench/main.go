// Command imagebench measures what images cost, and holds it against what was
// promised:
//
//	go -C internal/corpus run ./cmd/imagebench              three rounds, without what takes minutes
//	go -C internal/corpus run ./cmd/imagebench -n 5 -long   five, with 100,000 live images and a million cycles
//
// The programs are in bench/. They are built with both slots, and run in turn
// in each round; the figures are medians of the rounds. What takes minutes is
// run once, in the g slot.
//
// Exit status 1 means that a figure is above its limit.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/go-vimage/vimage/internal/corpus"
)

// A program is one that was built.
type program struct {
	path, slot string
	binary     string
}

// figures are what programs printed, by the slot and the name.
type figures map[string][]float64

func (f figures) median(name string) float64 {
	list := slices.Sorted(slices.Values(f[name]))
	if len(list) == 0 {
		return math.NaN()
	}
	return list[len(list)/2]
}

func main() { os.Exit(run()) }

func run() int {
	rounds := flag.Int("n", 3, "how many `rounds`")
	long := flag.Bool("long", false, "100,000 live images and a million cycles too")
	tool := corpus.ToolFlag()
	flag.Parse()
	if *rounds < 1 || flag.NArg() > 0 {
		flag.Usage()
		return 2
	}
	dir, err := os.MkdirTemp("", "imagebench")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if *tool, err = corpus.BuildTool(*tool, dir); err != nil {
		return fail(err)
	}
	programs := []program{{path: "logrus", slot: "g"}, {path: "logrus", slot: "label"}, {path: "all", slot: "g"}}
	for i := range programs {
		p := &programs[i]
		p.binary = filepath.Join(dir, p.path+"-"+p.slot)
		if err := command(".", *tool, "build", "-slot="+p.slot, "-o", p.binary, "./bench/"+p.path); err != nil {
			return fail(err)
		}
	}
	figs := figures{}
	for round := range *rounds {
		for i := range programs {
			p := programs[(round+i)%len(programs)]
			modes := []string{"read", "newclose"}
			if p.path == "all" {
				modes = []string{"all"}
			}
			for _, mode := range modes {
				if err := figs.take(p, mode); err != nil {
					return fail(err)
				}
			}
		}
	}
	if err := figs.take(programs[0], "exits", "10000"); err != nil {
		return fail(err)
	}
	if *long {
		for _, args := range [][]string{{"live", "100000"}, {"cycles", "1000000"}} {
			if err := figs.take(programs[0], args...); err != nil {
				return fail(err)
			}
		}
	}
	return figs.write(*long)
}

func command(dir, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	return cmd.Run()
}

// take runs a program and enters what it prints.
func (f figures) take(p program, args ...string) error {
	cmd := exec.Command(p.binary, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s %s, slot %s: %w", p.path, args[0], p.slot, err)
	}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		name, text, _ := strings.Cut(s.Text(), " ")
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("%s %s, slot %s: printed %q", p.path, args[0], p.slot, s.Text())
		}
		f[p.slot+" "+name] = append(f[p.slot+" "+name], v)
	}
	return nil
}

// write prints the table and returns the exit status.
func (f figures) write(long bool) int {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "what\tfigure\tlimit\t")
	status := 0
	row := func(what string, v, limit float64, unit string) {
		verdict := ""
		if !(v <= limit) {
			verdict = "ABOVE"
			status = 1
		}
		fmt.Fprintf(w, "%s\t%.3g %s\t%.3g\t%s\n", what, v, unit, limit, verdict)
	}
	m := f.median
	none := math.Inf(1)
	row("read a plain global", m("g plain"), none, "ns")
	row("read a field through a local pointer", m("g local"), none, "ns")
	row("read a virtual variable in a loop, g slot", m("g loop"), 2*m("g plain"), "ns")
	row("the same, less the field's", m("g loop")-m("g local"), 0.3, "ns")
	row("the hook with each read, g slot", m("g virtual"), none, "ns")
	row("the same, less the field's", m("g virtual")-m("g local"), none, "ns")
	row("read a virtual variable in a loop, label slot", m("label loop"), 3, "ns")
	row("the hook with each read, label slot", m("label virtual"), none, "ns")
	row("Do, g slot", m("g do"), 20, "ns")
	row("Do, label slot", m("label do"), 60, "ns")
	row("allocations of Do, g slot", m("g doallocs"), 0, "")
	row("allocations of Do, label slot", m("label doallocs"), 0, "")
	row("New and Close, logrus, g slot", m("g newclose")/1e3, 20, "µs")
	row("New and Close, logrus, label slot", m("label newclose")/1e3, 25, "µs")
	row("New and Close, all modules, g slot", m("g allnewclose"), 2000, "µs")
	row("10,000 images that end by os.Exit leave, each", m("g exits0heap"), 100, "bytes")
	row("the same, stacks", m("g exits0stacks"), 100, "bytes")
	row("with two goroutines blocked for ever, each", m("g exits2heap"), none, "bytes")
	row("the same, stacks", m("g exits2stacks"), none, "bytes")
	row("the same, goroutines", m("g exits2goroutines"), 2.01, "")
	if long {
		row("100,000 live images, from the system", m("g livesys"), 1000, "MB")
		row("the same, in use", m("g liveheap"), none, "MB")
		row("Close of each of them", m("g liveclose"), none, "µs")
		row("memory after 1,000,000 cycles, to 10,000", 100*(m("g sys1000000")/m("g sys10000")-1), 1, "% more")
		row("the same, in use", 100*(m("g heap1000000")/m("g heap10000")-1), 1, "% more")
		row("goroutines after 1,000,000 cycles, to 10,000", m("g goroutines1000000")-m("g goroutines10000"), 0, "more")
	}
	w.Flush()
	return status
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "imagebench:", err)
	return 4
}
