// Command identity prints what vimagegen identity and vimagegen nm find in the
// corpus's modules. It exits 1 if the nop build differs anywhere, the static
// one by more than addresses and the compiler's choices, or if a symbol is
// unaccounted for.
//
//	go -C internal/corpus run ./cmd/identity            what CI asks for
//	go -C internal/corpus run ./cmd/identity -static    the static build too, with the causes of what differs
//	go -C internal/corpus run ./cmd/identity -time      the time beside that of two go build -a, all from empty caches
//	go -C internal/corpus run ./cmd/identity -more      plain and nop in the modules of more, which CI leaves out:
//	                                                    an hour or two; arguments are packages, in place of all
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-vimage/vimage/internal/corpus"
)

func main() { os.Exit(run()) }

type bench struct {
	tool string
	dir  string // for temporary files
	code int
}

func run() int {
	static := flag.Bool("static", false, "compare the static build too")
	clock := flag.Bool("time", false, "measure the time")
	more := flag.Bool("more", false, "compare the modules that CI leaves out")
	tool := corpus.ToolFlag()
	flag.Parse()
	if flag.NArg() > 0 && !*more {
		flag.Usage()
		return 2
	}
	dir, err := os.MkdirTemp("", "identity")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if *tool, err = corpus.BuildTool(*tool, dir); err != nil {
		return fail(err)
	}
	b := &bench{tool: *tool, dir: dir}
	var patterns []string
	for _, m := range corpus.Modules() {
		patterns = append(patterns, m.Path+"/...")
	}
	if *more {
		return b.more(flag.Args())
	}
	if *clock {
		return b.clock(patterns)
	}
	b.say("nop", 3, append([]string{"identity", "-deps", "-tests"}, patterns...)...)
	b.say("nm", 1, append([]string{"nm"}, patterns...)...)
	if *static {
		b.say("static", 8, append([]string{"identity", "-deps", "-to=static"}, patterns...)...)
	}
	return b.code
}

// more compares packages of the modules in folder more, one after the other,
// since a plan of all would not fit the memory.
func (b *bench) more(packages []string) int {
	if len(packages) == 0 {
		list := exec.Command("go", "list", "-f", `{{join .Imports "\n"}}`)
		list.Dir, list.Stderr = "more", os.Stderr
		out, err := list.Output()
		if err != nil {
			return fail(err)
		}
		packages = strings.Fields(string(out))
	}
	for _, path := range packages {
		b.say(path, 3, "identity", "-C=more", path)
	}
	return b.code
}

// say runs the tool and prints the last lines of what it prints; all of it goes
// to the standard error if it fails.
func (b *bench) say(what string, lines int, args ...string) {
	var out bytes.Buffer
	cmd := exec.Command(b.tool, args...)
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.code = 1
		os.Stderr.Write(out.Bytes())
	}
	all := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	for _, line := range all[max(0, len(all)-lines):] {
		if strings.HasPrefix(line, "total") || strings.HasPrefix(line, "plain and") || strings.HasPrefix(line, "different:") || lines == 1 {
			fmt.Printf("%s: %s\n", what, line)
		}
	}
	fmt.Printf("%s: %.0f s\n", what, time.Since(start).Seconds())
}

// clock compares the time with that of the two builds that it contains. Each
// begins with empty caches, and they take turns.
func (b *bench) clock(patterns []string) int {
	measure := func(name string, args ...string) (float64, error) {
		cache, err := os.MkdirTemp(b.dir, "cache")
		if err != nil {
			return 0, err
		}
		defer os.RemoveAll(cache)
		cmd := exec.Command(name, args...)
		cmd.Env = append(os.Environ(), "GOCACHE="+cache, "VIMAGECACHE="+filepath.Join(cache, "vimage"))
		start := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("%s: %w\n%s", name, err, out)
		}
		return time.Since(start).Seconds(), nil
	}
	var builds, identity float64
	for range 2 {
		s, err := measure("go", append([]string{"build", "-a", "-trimpath"}, patterns...)...)
		if err != nil {
			return fail(err)
		}
		builds += s
	}
	identity, err := measure(b.tool, append([]string{"identity", "-deps"}, patterns...)...)
	if err != nil {
		return fail(err)
	}
	fmt.Printf("two go build -a: %.0f s; identity -deps: %.0f s; ratio %.2f\n", builds, identity, identity/builds)
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "identity:", err)
	return 1
}
