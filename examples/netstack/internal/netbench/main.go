// Command netbench measures what images cost a network stack. It builds
// netbench/workload in these ways and runs them in turn, in each round from another
// one on:
//
//	plain    the source as its author wrote it, go build
//	static   vimagegen build -mode static: variables are fields of static structs
//	g        vimagegen build -slot g: the current image is in the runtime's g
//	label    go build -tags vimage: the committed build, on the stock toolchain
//
// A figure is processor time, by which other programs on the machine count less,
// except for those of pairs and of starting images. Output: for each figure and
// build the median, and the median, the quartiles and the limit of its ratio to the
// plain build's in the same round.
//
//	go run ./internal/netbench              9 rounds, about 6 minutes on two cores
//	go run ./internal/netbench -run bulk    one workload: forward, bulk, images or pairs
//	go run ./internal/netbench -n 3 -dir d  keep the programs, to profile them:
//	                                        d/label -cpuprofile p forward
//
// gVisor's netstack beside this one is measured by the benchmarks of
// internal/gvisor.
//
// Exit status 1 means that a figure is above its limit.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

const workload = "./internal/netbench/workload"

func main() { os.Exit(run()) }

func run() int {
	rounds := flag.Int("n", 9, "how many `rounds`")
	only := flag.String("run", "", "run the workloads that match this `regexp`")
	dir := flag.String("dir", "", "build into this `folder` and keep it")
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil || *rounds < 1 || flag.NArg() > 0 {
		flag.Usage()
		return 2
	}
	if *dir == "" {
		d, err := os.MkdirTemp("", "netbench")
		if err != nil {
			return fail(err)
		}
		defer os.RemoveAll(d)
		*dir = d
	}
	at, err := filepath.Abs(*dir)
	if err != nil {
		return fail(err)
	}
	if err := build(at); err != nil {
		return fail(err)
	}
	fmt.Printf("%s/%s, %d processors, %d rounds, load %s\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), *rounds, load())
	figs := figures{}
	for round := range *rounds {
		for _, kind := range []string{"forward", "bulk", "images", "pairs"} {
			for i := range builds {
				if !match.MatchString(kind) {
					continue
				}
				b := builds[(round+i)%len(builds)]
				if err := figs.take(at, b, kind); err != nil {
					return fail(err)
				}
			}
		}
	}
	status := figs.write(os.Stdout)
	fmt.Println("load", load())
	return status
}

// builds are the ways to build, each with its name.
var builds = [...]string{"plain", "static", "g", "label"}

// build builds the workload in all ways into a folder.
func build(dir string) error {
	tool := filepath.Join(dir, "vimagegen")
	for _, line := range [][]string{
		{"go", "build", "-o", tool, "github.com/go-vimage/vimage/cmd/vimagegen"},
		{"go", "build", "-o", filepath.Join(dir, "plain"), workload},
		{tool, "build", "-mode", "static", "-o", filepath.Join(dir, "static"), workload},
		{tool, "build", "-slot", "g", "-o", filepath.Join(dir, "g"), workload},
		{"go", "build", "-tags", "vimage", "-o", filepath.Join(dir, "label"), workload},
	} {
		cmd := exec.Command(line[0], line[1:]...)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(line, " "), err)
		}
	}
	return nil
}

// take runs a build's workload and enters what it prints.
func (f figures) take(dir, build, kind string) error {
	cmd := exec.Command(filepath.Join(dir, build), kind)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s %s: %w", build, kind, err)
	}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		name, text, _ := strings.Cut(s.Text(), " ")
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("%s %s: printed %q", build, kind, s.Text())
		}
		f.enter(name, build, v)
	}
	return nil
}

// load returns the system's load, where it is known.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "netbench:", err)
	return 4
}
