// Command tamper tests vimagegen identity by tampering with packages and all
// that they import outside of the standard library; by default the corpus's
// modules: see package internal/tamper. It exits 1 if a mutation that has an
// effect is not found where it is. It is not in the corpus's module, which does
// not require what vimagegen does.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/go-vimage/vimage/internal/tamper"
)

func main() { os.Exit(run()) }

func run() int {
	seed := flag.Int64("seed", 1, "which mutations are made")
	count := flag.Int("count", 30, "how many of each kind, as far as there are")
	verbose := flag.Bool("v", false, "print each")
	dir := flag.String("C", "internal/corpus", "the folder to load packages in")
	flag.Parse()
	patterns := flag.Args()
	if len(patterns) == 0 {
		patterns = []string{"./isolation/..."}
	}
	ctx := context.Background()
	packages, err := tamper.Load(ctx, *dir, patterns...)
	if err != nil {
		return fail(err)
	}
	tally := map[tamper.Kind]map[tamper.Verdict]int{}
	code := 0
	err = tamper.Run(ctx, packages, *seed, *count, func(o tamper.Outcome) {
		if tally[o.Kind] == nil {
			tally[o.Kind] = map[tamper.Verdict]int{}
		}
		tally[o.Kind][o.Verdict]++
		bad := o.Verdict == tamper.Missed || o.Verdict == tamper.Elsewhere
		if bad {
			code = 1
		}
		if bad || *verbose {
			fmt.Printf("%s: %s %s: %q\n", o.Verdict, o.Package, o.Mutation, o.Symbols)
		}
	})
	if err != nil {
		return fail(err)
	}
	fmt.Printf("%-20s %6s %10s %7s %10s\n", "kind", "found", "elsewhere", "missed", "no effect")
	total := map[tamper.Verdict]int{}
	row := func(name string, t map[tamper.Verdict]int) {
		fmt.Printf("%-20s %6d %10d %7d %10d\n", name, t[tamper.Found], t[tamper.Elsewhere], t[tamper.Missed], t[tamper.NoEffect])
	}
	for _, k := range tamper.Kinds() {
		row(string(k), tally[k])
		for v, n := range tally[k] {
			total[v] += n
		}
	}
	row("total", total)
	return code
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "tamper:", err)
	return 1
}
