// Command committedbench measures what committed builds cost on the stock
// toolchain, and compares it with what was promised:
//
//   - the hook in the label slot, where it is called and where a function's
//     head has it, and New and Close of an image, in a program with adopted
//     logrus;
//   - vimagegen generate where nothing changed, to go vet, in adopted pflag,
//     which has 42 files of its author's;
//   - the own benchmarks of the corpus's modules with -tags vimage, to the
//     plain build's: runs in turn, the median of the pairs' ratios.
//
// Exit status 1 means that a figure is above its limit, or that a benchmark is
// slow or fails and committedbench.txt does not say why. The figures of a busy
// machine are too high; ratios less so. The load is printed where the system
// says it.
//
//	go -C internal/corpus run ./cmd/committedbench              all; half an hour on two cores
//	go -C internal/corpus run ./cmd/committedbench -run=uuid    the benchmarks of modules whose path matches
//	go -C internal/corpus run ./cmd/committedbench -run=^$      no benchmarks of modules
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/go-vimage/vimage/internal/corpus"
)

func main() { os.Exit(run()) }

func run() int {
	only := flag.String("run", "", "measure the benchmarks of modules whose path matches this `regexp`")
	rounds := flag.Int("n", 9, "how many `pairs` of runs")
	each := flag.Duration("benchtime", 20*time.Millisecond, "how `long` a benchmark runs")
	all := flag.Bool("v", false, "print all benchmarks")
	tool := corpus.ToolFlag()
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil || flag.NArg() > 0 || *rounds < 1 {
		flag.Usage()
		return 2
	}
	dir, err := os.MkdirTemp("", "committedbench")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if *tool, err = corpus.BuildTool(*tool, dir); err != nil {
		return fail(err)
	}
	t := corpus.Tool{Command: *tool}
	code := 0
	row := func(what string, v, limit float64, unit string) {
		verdict := ""
		if !(v <= limit) {
			verdict, code = "  ABOVE", 1
		}
		fmt.Printf("%-50s %8.3f %-2s  limit %g%s\n", what, v, unit, limit, verdict)
	}
	load()
	var total []corpus.Ratio
	for _, m := range corpus.Modules() {
		if m.Name == "logrus" {
			f, err := corpus.LabelSlot(t, filepath.Join(dir, "slot"), m)
			if err != nil {
				return fail(err)
			}
			row("the hook where it is called", f["hook"], 3, "ns")
			row("a read by a hook at the function's head", f["hoisted"], 0.3, "ns")
			row("New and Close, logrus", f["newclose"]/1e3, 25, "µs")
		}
		if m.Name == "pflag" {
			ratio, err := corpus.Unchanged(t, filepath.Join(dir, "unchanged"), m, *rounds)
			if err != nil {
				return fail(err)
			}
			row("generate -check where nothing changed, to go vet", ratio, 1.5, "")
		}
		if !match.MatchString(m.Path) {
			continue
		}
		rs, err := corpus.CommittedBench(t, dir, m, *rounds, *each)
		if err != nil {
			return fail(fmt.Errorf("%s: %w", m.Path, err))
		}
		fmt.Printf("%s: %d benchmarks, geometric mean %.3f\n", m.Path, len(rs), corpus.GeometricMean(rs))
		for _, r := range rs {
			switch slow := r.Slow(); {
			case slow && r.Why == "":
				code = 1
				fallthrough
			case slow || *all:
				fmt.Printf("\t%-50s %10.4g ns %10.4g ns %6.3f, fastest %.3f  %s\n",
					r.Name, r.Plain, r.Vimage, r.Ratio, r.Fastest, r.Why)
			}
		}
		total = append(total, rs...)
	}
	load()
	if total != nil {
		row(fmt.Sprintf("geometric mean of %d benchmarks", len(total)), corpus.GeometricMean(total), 1.05, "")
	}
	return code
}

// load prints the system's load, where it is known.
func load() {
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Println("load:", strings.Join(strings.Fields(string(text))[:3], " "))
	}
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "committedbench:", err)
	return 4
}
