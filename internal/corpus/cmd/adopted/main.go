// Command adopted adopts committed builds in copies of the corpus's modules
// (vimagegen generate -adopt), and runs their tests on the stock toolchain in
// both builds, and a program of each in three images. It exits 1 if
//
//   - machine code of the plain build changes, or a plain binary does in more
//     than the numbers of lines, or has an accessor that nothing calls;
//
//   - a test ends otherwise in the vimage build, and adopted.txt does not say
//     why;
//
//   - three images see each other's changes;
//
//   - a second run would change something, -check does not notice an edit, or
//     -clean does not restore the tree to the byte.
//
//     go -C internal/corpus run ./cmd/adopted              all; half an hour on two cores
//     go -C internal/corpus run ./cmd/adopted -run=uuid    those whose path matches
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"time"

	"github.com/go-vimage/vimage/internal/corpus"
)

func main() { os.Exit(run()) }

func run() int {
	only := flag.String("run", "", "adopt the modules whose path matches this `regexp`")
	tool := corpus.ToolFlag()
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil || flag.NArg() > 0 {
		flag.Usage()
		return 2
	}
	dir, err := os.MkdirTemp("", "adopted")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if *tool, err = corpus.BuildTool(*tool, dir); err != nil {
		return fail(err)
	}
	code := 0
	for _, m := range corpus.Modules() {
		if !match.MatchString(m.Path) {
			continue
		}
		a, err := corpus.Adopt(corpus.Tool{Command: *tool}, dir, m)
		if err != nil {
			code = fail(fmt.Errorf("%s: %w", m.Path, err))
			continue
		}
		fmt.Printf("%s: %d files, %d notes, generate %v, -check %v; plain %s; vimage %s\n", m.Path, a.Files, a.Notes,
			a.Generate.Round(time.Second), a.Unchanged.Round(time.Second), a.Plain, a.Vimage)
		fmt.Printf("\tidentity: %s\n\timages: %s\n\tsize: %s\n", a.Identity, a.Images, a.Size)
		for _, d := range a.Differences {
			fmt.Printf("\t%s\n", d)
			if d.Why == "" {
				code = 1
			} else {
				fmt.Printf("\t\t%s\n", d.Why)
			}
		}
	}
	return code
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "adopted:", err)
	return 1
}
