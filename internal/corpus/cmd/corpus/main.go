// Command corpus compares real modules plain and virtualised: see the package documentation of internal/corpus.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"

	"github.com/go-vimage/vimage/internal/corpus"
)

func main() { os.Exit(run()) }

func run() int {
	slow := flag.Bool("slow", false, "compare the slow modules too")
	only := flag.String("run", "", "compare the modules whose path matches this `regexp`, slow or not")
	tool := flag.String("vimagegen", "", "the tool's `binary` (default: built from cmd/vimagegen)")
	slot := flag.String("slot", "", "runtime `slot` to build with")
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil || flag.NArg() > 0 {
		flag.Usage()
		return 2
	}
	if *tool == "" {
		dir, err := os.MkdirTemp("", "corpus")
		if err != nil {
			return fail(err)
		}
		defer os.RemoveAll(dir)
		*tool = filepath.Join(dir, "vimagegen")
		build := exec.Command("go", "build", "-o", *tool, "./cmd/vimagegen")
		build.Dir = "../.."
		build.Stdout, build.Stderr = os.Stdout, os.Stderr
		if err := build.Run(); err != nil {
			return fail(err)
		}
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
