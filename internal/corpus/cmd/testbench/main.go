// Command testbench runs the tests of the corpus's modules by go test and by
// vimagegen test -isolate=test, in turn, and compares times and results:
//
//	go -C internal/corpus run ./cmd/testbench                      modules whose tests do not sleep
//	go -C internal/corpus run ./cmd/testbench -slow                the others, too
//	go -C internal/corpus run ./cmd/testbench -n 5 logrus viper    two of them, five rounds
//
// Both commands have compiled everything before. It prints medians, with the
// fastest and the slowest, their ratio, and its limit: a quarter where the
// tests mostly sleep; 1/1.6 where go test takes over two seconds; else 1.15,
// and 0.3 seconds more. With -processes it also runs each test of a module in a
// process of its own, one after the other, and prints how many times longer
// that takes than the images.
//
// Exit status 1 means that a test's result differs and that no dependence on
// another test was reported for it, or that a time is above its limit.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-vimage/vimage/internal/corpus"
)

func main() {
	given := corpus.ToolFlag()
	rounds := flag.Int("n", 3, "how many rounds")
	slow := flag.Bool("slow", false, "with the modules whose tests mostly sleep")
	processes := flag.Bool("processes", false, "compare with a process for each test")
	flag.Parse()
	ok, err := run(*given, *rounds, *slow, *processes, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "testbench:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

func run(given string, rounds int, slow, processes bool, names []string) (ok bool, err error) {
	dir, err := os.MkdirTemp("", "testbench")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	tool, err := corpus.BuildTool(given, dir)
	if err != nil {
		return false, err
	}
	ok = true
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "module\ttests\tgo test\timages\tratio\tlimit\tprocesses\t\n")
	for _, m := range corpus.Modules() {
		if len(names) > 0 && !slices.Contains(names, m.Name) || len(names) == 0 && m.Slow && !slow {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s\n", m.Name)
		s := &suite{module: m, tool: tool, dir: dir}
		if err := s.measure(rounds); err != nil {
			return false, fmt.Errorf("%s: %w", m.Name, err)
		}
		if processes {
			if err := s.processes(); err != nil {
				return false, fmt.Errorf("%s: %w", m.Name, err)
			}
		}
		ok = s.report(table) && ok
	}
	return ok, table.Flush()
}

// A suite is the tests of one module.
type suite struct {
	module        corpus.Module
	tool, dir     string
	plain, images []*corpus.SuiteRun
	apart         time.Duration // all tests, each in a process of its own
}

func (s *suite) measure(rounds int) error {
	packages := s.module.Path + "/..."
	commands := [2][]string{
		{"go", "test", "-json", "-vet=off", "-count=1", packages},
		{s.tool, "test", "-isolate=test", "-json", "-vet=off", "-count=1", packages},
	}
	runs := [2]*[]*corpus.SuiteRun{&s.plain, &s.images}
	for _, c := range commands { // which compiles
		first := append(slices.Clone(c[:len(c)-1]), "-run=^$", packages)
		if out, err := corpus.SuiteCommand(first).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(c, " "), err, out)
		}
	}
	for n := range rounds {
		for i := range commands {
			side := (n + i) % 2
			r, err := corpus.RunSuite(commands[side])
			if err != nil {
				return err
			}
			*runs[side] = append(*runs[side], r)
		}
	}
	return nil
}

// processes runs each test that passed in a process of its own.
func (s *suite) processes() error {
	binaries := map[string]string{}
	for v := range s.plain[0].Verdicts {
		pkg, test := v.Package, v.Test
		if v.Action != "pass" || strings.Contains(test, "/") || !strings.HasPrefix(test, "Test") {
			continue
		}
		binary := binaries[pkg]
		if binary == "" {
			binary = filepath.Join(s.dir, fmt.Sprint("test", len(binaries)))
			build := exec.Command("go", "test", "-c", "-vet=off", "-o", binary, pkg)
			if out, err := build.CombinedOutput(); err != nil {
				return fmt.Errorf("%w\n%s", err, out)
			}
			binaries[pkg] = binary
		}
		folder, err := exec.Command("go", "list", "-f", "{{.Dir}}", pkg).Output()
		if err != nil {
			return err
		}
		cmd := exec.Command(binary, "-test.run=^"+test+"$")
		cmd.Dir = strings.TrimSpace(string(folder))
		start := time.Now()
		_ = cmd.Run() // one that fails alone has run, too
		s.apart += time.Since(start)
	}
	return nil
}

func (s *suite) report(table *tabwriter.Writer) (ok bool) {
	plain, images := times(s.plain), times(s.images)
	limit := time.Duration(1.15*float64(plain[1])) + 300*time.Millisecond
	switch {
	case s.module.Slow:
		limit = plain[1] / 4
	case plain[1] > 2*time.Second:
		limit = time.Duration(float64(plain[1]) / 1.6)
	}
	apart := ""
	if s.apart > 0 {
		apart = fmt.Sprintf("%.1f times", s.apart.Seconds()/images[1].Seconds())
	}
	ok = images[1] <= limit
	verdict := map[bool]string{true: "", false: " missed"}[ok]
	fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%.2f\t%.2fs%s\t%s\t\n", s.module.Name, len(s.plain[0].Verdicts),
		spread(plain), spread(images), images[1].Seconds()/plain[1].Seconds(), limit.Seconds(), verdict, apart)
	for _, d := range s.plain[0].Differences(s.images[0]) {
		if d.Test == "" {
			continue // of a package: it follows from its tests
		}
		if why := s.images[0].Dependence(d.Test); why != "" {
			fmt.Fprintf(os.Stderr, "%s: %s\n", s.module.Name, why)
			continue
		}
		ok = false
		fmt.Fprintf(os.Stderr, "%s: %s\n", s.module.Name, d)
	}
	return ok
}

// times returns the fastest, the median and the slowest of runs.
func times(runs []*corpus.SuiteRun) [3]time.Duration {
	var took []time.Duration
	for _, r := range runs {
		took = append(took, r.Took)
	}
	slices.Sort(took)
	return [3]time.Duration{took[0], took[len(took)/2], took[len(took)-1]}
}

func spread(t [3]time.Duration) string {
	return fmt.Sprintf("%.2fs (%.2f-%.2f)", t[1].Seconds(), t[0].Seconds(), t[2].Seconds())
}
