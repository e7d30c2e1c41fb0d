// Command soundness runs the tests of the corpus, and the hard cases, plain; it
// watches every package-level variable, and compares what they did with what
// the analysis says of them: see the documentation of internal/writecheck.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"

	"github.com/go-vimage/vimage/internal/corpus"
	"github.com/go-vimage/vimage/internal/writecheck"
)

func main() { os.Exit(run()) }

func run() int {
	only := flag.String("run", "", "check what matches this `regexp`: the modules' paths, and \"hardcases\"")
	asJSON := flag.Bool("json", false, "print every variable of every program, as JSON")
	missed := flag.Bool("missed", false, "print the variables that were never written and are not shared, with the reasons")
	stacks := flag.Int("stacks", 3, "print at most this many `stacks` of a variable")
	tool := corpus.ToolFlag()
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
	if *tool, err = corpus.BuildTool(*tool, dir); err != nil {
		return fail(err)
	}
	b, err := writecheck.NewBuilder(ctx, dir)
	if err != nil {
		return fail(err)
	}
	t := corpus.Tool{Command: *tool}
	var s corpus.Soundness
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
			c, err := corpus.CheckWrites(ctx, t, b, pkg)
			if err != nil {
				code = fail(err)
				continue
			}
			s.Corpus = append(s.Corpus, c)
		}
	}
	if match.MatchString("hardcases") {
		fmt.Fprintln(os.Stderr, "checking the hard cases")
		if s.HardCases, err = corpus.CheckHardCases(ctx, t, filepath.Join(dir, "hardcases.json")); err != nil {
			code = fail(err)
		}
	}
	if *asJSON {
		if err := s.WriteJSON(os.Stdout); err != nil {
			return fail(err)
		}
	} else {
		if *missed {
			s.WriteMissed(os.Stdout)
		}
		s.Write(os.Stdout, corpus.Modules(), *stacks)
	}
	if s.Broken() > 0 {
		code = 1
	}
	return code
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "soundness:", err)
	return 1
}
