// Command soundness runs the corpus's tests, watches every package-level variable, and compares what they did with what
// the analysis says of them: see the documentation of internal/writecheck.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"text/tabwriter"

	"github.com/go-vimage/vimage/internal/corpus"
	"github.com/go-vimage/vimage/internal/writecheck"
)

func main() { os.Exit(run()) }

func run() int {
	only := flag.String("run", "", "check the modules whose path matches this `regexp`")
	asJSON := flag.Bool("json", false, "print every variable, as JSON")
	missed := flag.Bool("missed", false, "print the variables that were never written and are not shared, with the reasons")
	stacks := flag.Int("stacks", 3, "print at most this many `stacks` of a variable")
	tool := flag.String("vimagegen", "", "the tool's `binary` (default: built from cmd/vimagegen)")
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil || flag.NArg() > 0 {
		flag.Usage()
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir, err := os.MkdirTemp("", "soundness")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if *tool == "" {
		*tool = filepath.Join(dir, "vimagegen")
		build := exec.CommandContext(ctx, "go", "build", "-o", *tool, "./cmd/vimagegen")
		build.Dir = "../.."
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fail(err)
		}
	}
	b, err := writecheck.NewBuilder(ctx, dir)
	if err != nil {
		return fail(err)
	}
	var all []*corpus.Checked
	code := 0
	for _, m := range corpus.Modules() {
		if !match.MatchString(m.Path) {
			continue
		}
		pkgs, err := corpus.TestedPackages(ctx, m.Path)
		if err != nil {
			return fail(err)
		}
		for _, pkg := range pkgs {
			fmt.Fprintln(os.Stderr, "checking", pkg)
			c, err := corpus.CheckWrites(ctx, corpus.Tool{Command: *tool}, b, pkg)
			if err != nil {
				code = fail(err)
				continue
			}
			all = append(all, c)
		}
	}
	var total writecheck.Tally
	for _, c := range all {
		total.Add(c.Tally)
	}
	if *asJSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "\t")
		if err := enc.Encode(map[string]any{"programs": all, "total": total}); err != nil {
			return fail(err)
		}
	} else {
		print(all, *missed, *stacks)
		fmt.Println(total)
	}
	if total.Broken > 0 {
		code = 1
	}
	return code
}

func print(all []*corpus.Checked, missed bool, stacks int) {
	tw := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "tests of\tvariables\twritten\tnever written\tof these shared\tshared yet written\tobjects\ttests")
	for _, c := range all {
		t := c.Tally
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", c.Program, t.Variables, t.Written, t.Never(), t.NeverShared, t.Broken, c.Objects, c.Ended)
	}
	tw.Flush()
	fmt.Println()
	for _, c := range all {
		writecheck.Violations(os.Stdout, c.Program, c.Outcomes, stacks)
	}
	if missed {
		for _, c := range all {
			for _, o := range c.Outcomes {
				if o.Linked && len(o.Writes) == 0 && o.Fate != "shared" {
					fmt.Printf("%s: %s.%s is never written, yet %s: %s\n", c.Program, o.Package, o.Name, o.Fate, o.Reason)
				}
			}
		}
	}
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "soundness:", err)
	return 1
}
