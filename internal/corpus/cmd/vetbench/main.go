// Command vetbench times go vet against go vet -vettool=vimagegen, on the same
// packages, in turn:
//
//	go -C internal/corpus run ./cmd/vetbench                  the corpus's modules, three rounds
//	go -C internal/corpus run ./cmd/vetbench -n 5 PACKAGES    other packages that go.mod reaches
//
// A round is for each side one cold run, with an empty build cache of its own,
// so that the standard library is compiled and looked at too, and then ten warm
// ones, with what the cold run left. The sides take turns at each run. It
// prints medians, the fastest and the slowest, the ratio of the medians, and
// the memory of the largest process.
//
// Exit status 1 means that a ratio is above its limit: 2 cold, 1.2 warm.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/go-vimage/vimage/internal/corpus"
)

const (
	coldLimit = 2.0
	warmLimit = 1.2
	warmRuns  = 10
)

// A side is one of the two commands that are compared.
type side struct {
	name       string
	cache      string // its folder's name
	args       []string
	cold, warm []time.Duration
	memory     int64 // bytes
}

func main() { os.Exit(run()) }

func run() int {
	rounds := flag.Int("n", 3, "how many `rounds`")
	tool := corpus.ToolFlag()
	flag.Parse()
	if *rounds < 1 {
		flag.Usage()
		return 2
	}
	packages := flag.Args()
	if len(packages) == 0 {
		for _, m := range corpus.Modules() {
			packages = append(packages, m.Path+"/...")
		}
	}
	dir, err := os.MkdirTemp("", "vetbench")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if *tool, err = corpus.BuildTool(*tool, dir); err != nil {
		return fail(err)
	}
	sides := []*side{{name: "go vet", cache: "plain-cache"}, {name: "go vet -vettool=vimagegen", cache: "vimagegen-cache", args: []string{"-vettool=" + *tool}}}
	for round := range *rounds {
		for warm := range 1 + warmRuns {
			for i := range sides {
				s := sides[(round+warm+i)%len(sides)]
				if warm == 0 {
					fmt.Fprintf(os.Stderr, "round %d: %s\n", round+1, s.name)
				}
				took, err := s.run(filepath.Join(dir, s.cache), packages)
				if err != nil {
					return fail(err)
				}
				if warm == 0 {
					s.cold = append(s.cold, took)
				} else {
					s.warm = append(s.warm, took)
				}
			}
		}
		for _, s := range sides {
			if err := os.RemoveAll(filepath.Join(dir, s.cache)); err != nil {
				return fail(err)
			}
		}
	}
	return report(sides)
}

// run times one run.
func (s *side) run(cache string, packages []string) (time.Duration, error) {
	// With -json, findings are no failure.
	cmd := exec.Command("go", slices.Concat([]string{"vet", "-json"}, s.args, packages)...)
	cmd.Env = append(os.Environ(), "GOCACHE="+cache, "GOFLAGS=", "VIMAGE_BASELINE=")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", s.name, err, stderr.Bytes())
	}
	took := time.Since(start)
	s.memory = max(s.memory, corpus.Memory(cmd.ProcessState))
	return took, nil
}

func report(sides []*side) int {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\tcold\tfrom\tto\twarm\tfrom\tto\tlargest process")
	seconds := func(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }
	for _, s := range sides {
		slices.Sort(s.cold)
		slices.Sort(s.warm)
		fmt.Fprintf(
			w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d MB\n", s.name, seconds(median(s.cold)), seconds(s.cold[0]), seconds(s.cold[len(s.cold)-1]),
			seconds(median(s.warm)), seconds(s.warm[0]), seconds(s.warm[len(s.warm)-1]), s.memory>>20,
		)
	}
	cold := median(sides[1].cold).Seconds() / median(sides[0].cold).Seconds()
	warm := median(sides[1].warm).Seconds() / median(sides[0].warm).Seconds()
	fmt.Fprintf(w, "ratio\t%.2f\t\t\t%.2f\t\t\t\n", cold, warm)
	fmt.Fprintf(w, "limit\t%.2f\t\t\t%.2f\t\t\t\n", coldLimit, warmLimit)
	w.Flush()
	if cold > coldLimit || warm > warmLimit {
		return 1
	}
	return 0
}

// median returns the middle of sorted times, of an even number the slower one.
func median(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] }

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "vetbench:", err)
	return 1
}
