// Command planbench times vimagegen build beside go build, on programs of
// three sizes:
//
//	go -C internal/corpus run ./cmd/planbench                         all, three rounds
//	go -C internal/corpus run ./cmd/planbench -n 5 -programs web      one of them
//
// It copies each of the programs in programs/ to a temporary folder and gives
// the tool an empty cache there; the go command's cache is the user's. What
// both commands compile is built first. Then it measures:
//
//	unchanged      both commands, in turn, where nothing changed
//	a string       the same after an edit of a string in main
//	a comment      the same after a line that is a comment was added to main
//	an assignment  the same after an edit that adds a variable, and a function
//	               that assigns it: what changes is proved anew
//	nothing cached vimagegen report with an empty cache: processor time, and the
//	               memory of the largest process
//	from the cache vimagegen report after that
//
// It prints medians, with the fastest and the slowest of the tool's, and at the
// end how processor time and memory grow from the first program to each of the
// others: the exponent of the number of packages.
//
// Exit status 1 means that a figure is above its limit.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-vimage/vimage/internal/corpus"
)

// A program is one of those in programs/, with its limits.
type program struct {
	name string
	// The tool's time is limited to a multiple of go build's, and seconds.
	unchanged, edited, proved limit
	processor                 time.Duration // of a report where nothing is cached
	memory, cached            int64         // bytes, of a report where nothing is cached, and from the cache
}

type limit struct {
	times float64
	plus  time.Duration
}

const (
	unchanged = "unchanged"
	edited    = "a string"
	commented = "a comment"
	proved    = "an assignment"
)

func programs() []program {
	const mega = 1 << 20
	return []program{
		{
			name: "web", processor: 25 * time.Second, memory: 1200 * mega, cached: 500 * mega,
			unchanged: limit{1.15, 300 * time.Millisecond},
			edited:    limit{1.3, 500 * time.Millisecond},
			proved:    limit{1.3, 3 * time.Second},
		},
		{
			name: "cluster", processor: 60 * time.Second, memory: 2000 * mega, cached: 1000 * mega,
			unchanged: limit{1.15, 500 * time.Millisecond},
			edited:    limit{1.3, time.Second},
			proved:    limit{1.3, 7 * time.Second},
		},
		{
			name: "apiserver", processor: 150 * time.Second, memory: 3500 * mega, cached: 2000 * mega,
			unchanged: limit{1.15, time.Second},
			edited:    limit{1.3, 2 * time.Second},
			proved:    limit{1.3, 15 * time.Second},
		},
	}
}

// growth is the limit of the exponents.
const growth = 1.15

func main() { os.Exit(run()) }

func run() int {
	rounds := flag.Int("n", 3, "how many `rounds`")
	names := flag.String("programs", "", "`names` of programs, with commas between them (default: all)")
	tool := corpus.ToolFlag()
	flag.Parse()
	if *rounds < 1 || flag.NArg() > 0 {
		flag.Usage()
		return 2
	}
	list := programs()
	if *names != "" {
		wanted := strings.Split(*names, ",")
		for _, name := range wanted {
			if !slices.ContainsFunc(list, func(p program) bool { return p.name == name }) {
				fmt.Fprintf(os.Stderr, "planbench: no program %q\n", name)
				return 2
			}
		}
		list = slices.DeleteFunc(list, func(p program) bool { return !slices.Contains(wanted, p.name) })
	}
	dir, err := os.MkdirTemp("", "planbench")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if *tool, err = corpus.BuildTool(*tool, dir); err != nil {
		return fail(err)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "program\tpackages\tmeasured\tgo build\tvimagegen\tfrom\tto\tlimit\t")
	above := false
	row := func(p program, packages int, what, plain, got, from, to, limit string, over bool) {
		mark := ""
		if over {
			above, mark = true, "above"
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", p.name, packages, what, plain, got, from, to, limit, mark)
	}
	var all []*bench
	for _, p := range list {
		b, err := measure(p, *rounds, *tool, filepath.Join(dir, p.name))
		if err != nil {
			return fail(err)
		}
		all = append(all, b)
		for _, what := range []string{unchanged, edited, commented, proved} {
			t := b.times[what]
			most := map[string]limit{
				unchanged: p.unchanged, edited: p.edited, commented: p.edited, proved: p.proved,
			}[what].of(median(t.plain))
			got := median(t.tool)
			from, to := slices.Min(t.tool), slices.Max(t.tool)
			row(
				p, b.packages, what, seconds(median(t.plain)), seconds(got), seconds(from), seconds(to), seconds(most),
				got > most,
			)
		}
		one := func(what, got, limit string, over bool) { row(p, b.packages, what, "", got, "", "", limit, over) }
		one("nothing cached, processor", seconds(b.processor), seconds(p.processor), b.processor > p.processor)
		one("nothing cached, memory", megabytes(b.memory), megabytes(p.memory), b.memory > p.memory)
		one("from the cache, memory", megabytes(b.cached), megabytes(p.cached), b.cached > p.cached)
	}
	for _, b := range all[1:] {
		base := all[0]
		exponent := func(from, to float64) float64 {
			return math.Log(to/from) / math.Log(float64(b.packages)/float64(base.packages))
		}
		processor := exponent(base.processor.Seconds(), b.processor.Seconds())
		memory := exponent(float64(base.memory), float64(b.memory))
		row(b.program, b.packages, "growth of processor time", "", fmt.Sprintf("%.2f", processor), "", "", fmt.Sprint(growth), processor > growth)
		row(b.program, b.packages, "growth of memory", "", fmt.Sprintf("%.2f", memory), "", "", fmt.Sprint(growth), memory > growth)
	}
	if w.Flush(); above {
		return 1
	}
	return 0
}

func (l limit) of(plain time.Duration) time.Duration {
	return time.Duration(l.times*float64(plain)) + l.plus
}

// A bench is what was measured of one program.
type bench struct {
	program
	packages       int
	times          map[string]*times
	processor      time.Duration
	memory, cached int64
}

// times are those of both sides.
type times struct{ plain, tool []time.Duration }

// measure copies a program to a folder and measures it there.
func measure(p program, rounds int, tool, dir string) (*bench, error) {
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("programs", p.name))); err != nil {
		return nil, err
	}
	source, err := os.ReadFile(filepath.Join(dir, "main.go"))
	if err != nil {
		return nil, err
	}
	b := &bench{program: p, times: map[string]*times{unchanged: {}, edited: {}, commented: {}, proved: {}}}
	c := commands{dir: dir, cache: filepath.Join(dir, "cache"), tool: tool}
	listed, err := c.run("go", "list", "-deps", ".")
	if err != nil {
		return nil, err
	}
	b.packages = bytes.Count(listed.out, []byte("\n"))
	progress := func(what string) { fmt.Fprintf(os.Stderr, "%s: %s\n", p.name, what) }

	progress("nothing cached")
	cold, err := c.run(tool, "report", "-json", ".")
	if err != nil {
		return nil, err
	}
	b.processor, b.memory = cold.processor, cold.memory
	warm, err := c.run(tool, "report", "-json", ".")
	if err != nil {
		return nil, err
	}
	b.cached = warm.memory
	progress("both builds for the first time")
	if _, _, err := c.builds(false); err != nil {
		return nil, err
	}
	edits := map[string]func(int) string{
		unchanged: func(int) string { return "" },
		edited: func(n int) string {
			return strings.Replace(string(source), `"hello"`, fmt.Sprintf("%q", fmt.Sprint("hello ", n)), 1)
		},
		commented: func(n int) string {
			return strings.Replace(string(source), "\nfunc main() {", fmt.Sprintf("\n// Round %d.\nfunc main() {", n), 1)
		},
		proved: func(n int) string {
			const added = "\nvar edited%[1]d []*int\n\nfunc init() { edited%[1]d = append(edited%[1]d, new(int)) }\n"
			return string(source) + fmt.Sprintf(added, n)
		},
	}
	for _, what := range []string{unchanged, edited, commented, proved} {
		for n := range rounds {
			progress(fmt.Sprintf("%s, round %d", what, n+1))
			if text := edits[what](n); text != "" {
				if text == string(source) {
					return nil, errors.New("the edit changes nothing")
				}
				if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o666); err != nil {
					return nil, err
				}
			}
			plain, tool, err := c.builds(n%2 == 1)
			if err != nil {
				return nil, err
			}
			b.times[what].plain = append(b.times[what].plain, plain)
			b.times[what].tool = append(b.times[what].tool, tool)
		}
	}
	return b, nil
}

// commands runs commands in a program's folder.
type commands struct{ dir, cache, tool string }

// A ran says what a command took.
type ran struct {
	out             []byte
	wall, processor time.Duration
	memory          int64
}

// builds times both builds, the tool's first if swapped.
func (c commands) builds(swapped bool) (plain, tool time.Duration, err error) {
	both := []func() error{
		func() error {
			r, err := c.run("go", "build", "-o", filepath.Join(c.cache, "plain"), ".")
			plain = r.wall
			return err
		},
		func() error {
			r, err := c.run(c.tool, "build", "-o", filepath.Join(c.cache, "virtual"), ".")
			tool = r.wall
			return err
		},
	}
	if swapped {
		slices.Reverse(both)
	}
	return plain, tool, errors.Join(both[0](), both[1]())
}

func (c commands) run(name string, args ...string) (ran, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "VIMAGECACHE="+c.cache, "GOFLAGS=", "GOWORK=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return ran{}, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, stderr.Bytes())
	}
	s := cmd.ProcessState
	return ran{stdout.Bytes(), time.Since(start), s.UserTime() + s.SystemTime(), corpus.Memory(s)}, nil
}

func median(list []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }

func megabytes(n int64) string { return fmt.Sprintf("%d MB", n>>20) }

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "planbench:", err)
	return 1
}
