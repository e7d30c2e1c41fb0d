// Command corpus compares real modules plain and virtualised: see the package
// documentation of internal/corpus.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"

	"github.com/go-vimage/vimage/internal/corpus"
)

func main() { os.Exit(run()) }

func run() int {
	slow := flag.Bool("slow", false, "compare the slow modules too")
	only := flag.String("run", "", "compare the modules whose path matches this `regexp`, slow or not")
	tool := corpus.ToolFlag()
	slot := flag.String("slot", "", "runtime `slot` to build with")
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil || flag.NArg() > 0 {
		flag.Usage()
		return 2
	}
	dir, err := os.MkdirTemp("", "corpus")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if *tool, err = corpus.BuildTool(*tool, dir); err != nil {
		return fail(err)
	}
	code := 0
	var results []corpus.Result
	for _, m := range corpus.Modules() {
		if *only == "" && m.Slow && !*slow || !match.MatchString(m.Path) {
			continue
		}
		fmt.Fprintln(os.Stderr, "comparing", m.Path)
		r := corpus.Run(corpus.Tool{Command: *tool, Slot: *slot}, m)
		if !r.OK() {
			code = 1
		}
		results = append(results, r)
	}
	corpus.Write(os.Stdout, results)
	return code
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "corpus:", err)
	return 1
}
