package corpus

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed committedbench.txt
var slowExplanations string

// A Ratio is what a benchmark takes in the vimage build of an adopted module,
// to what it takes in the plain build: the median of pairs of runs in turn.
type Ratio struct {
	Package, Name string
	Plain, Vimage float64 // nanoseconds an operation, medians
	Ratio         float64 // not a number if it fails in a build
	Fastest       float64 // ratio of the fastest runs, which others on the machine delayed least
	Why           string  // of a slow one, from committedbench.txt
}

// SlowRatio is the ratio above which a benchmark needs an explanation.
const SlowRatio = 1.2

// CommittedBench adopts committed builds in a copy of a module, and runs its
// benchmarks in both builds on the stock toolchain, in turn.
func CommittedBench(tool Tool, dir string, m Module, rounds int, each time.Duration) ([]Ratio, error) {
	a, err := newAdopter(tool, dir, m)
	if err != nil {
		return nil, err
	}
	if _, err := a.generate("-adopt"); err != nil {
		return nil, err
	}
	out, err := a.run("go", "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{.Dir}}{{end}}", "./...")
	if err != nil {
		return nil, err
	}
	var all []Ratio
	for line := range strings.Lines(out) {
		path, folder, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		rs, err := a.bench(path, folder, rounds, each)
		if err != nil {
			return nil, err
		}
		all = append(all, rs...)
	}
	return all, explainSlow(slowExplanations, m.Path, all)
}

// bench measures one package. A slow benchmark is measured up to twice more,
// and all pairs count.
func (a *adopter) bench(path, folder string, rounds int, each time.Duration) ([]Ratio, error) {
	var binaries [2]string
	for i, tags := range []string{"", "vimage"} {
		binaries[i] = filepath.Join(a.program, "bench-"+tags+".test")
		if _, err := a.run("go", "test", "-c", "-vet=off", "-tags="+tags, "-o", binaries[i], path); err != nil {
			return nil, err
		}
	}
	list, err := runIn(folder, binaries[0], "-test.list=^Benchmark")
	if err != nil {
		return nil, err
	}
	var out []Ratio
	for name := range strings.Lines(list) {
		name = strings.TrimSpace(name)
		if !strings.HasPrefix(name, "Benchmark") { // "ok"
			continue
		}
		b := &pairs{binaries, folder, name, each, [2]map[string][]float64{{}, {}}}
		var rs []Ratio
		for again := 0; again < 3; again++ {
			if rs, err = b.run(rounds, path); err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(rs, Ratio.Slow) {
				break
			}
		}
		out = append(out, rs...)
	}
	return out, nil
}

// pairs are runs in turn of one benchmark in both builds.
type pairs struct {
	binaries  [2]string
	dir, name string
	each      time.Duration
	took      [2]map[string][]float64 // by the name of the benchmark's part
}

// run adds pairs, and returns the ratios of all so far.
func (b *pairs) run(rounds int, path string) ([]Ratio, error) {
	for round := range rounds {
		for i := range b.binaries {
			side := (round + i) % len(b.binaries)
			if err := b.once(side); err != nil {
				return nil, err
			}
		}
	}
	var out []Ratio
	for _, name := range slices.Sorted(maps.Keys(b.took[0])) {
		plain, vimage := b.took[0][name], b.took[1][name]
		var ratios []float64
		for i := range min(len(plain), len(vimage)) {
			ratios = append(ratios, vimage[i]/plain[i])
		}
		r := Ratio{Package: path, Name: name, Plain: middle(plain), Vimage: middle(vimage), Ratio: middle(ratios)}
		if r.Fastest = math.NaN(); ratios != nil {
			r.Fastest = slices.Min(vimage) / slices.Min(plain)
		}
		out = append(out, r)
	}
	return out, nil
}

// once runs the benchmark on one side.
func (b *pairs) once(side int) error {
	processors := regexp.MustCompile(`-\d+$`) // their number ends a benchmark's name
	cmd := exec.Command(b.binaries[side], "-test.run=^$", "-test.bench=^"+b.name+"$", "-test.benchtime="+b.each.String())
	cmd.Dir = b.dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && !bytes.Contains(out, []byte("--- FAIL: Benchmark")) {
		return fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args, " "), err, out, stderr.Bytes())
	}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		f := strings.Fields(s.Text())
		for i, unit := range f {
			if unit != "ns/op" || !strings.HasPrefix(f[0], "Benchmark") {
				continue
			}
			if v, err := strconv.ParseFloat(f[i-1], 64); err == nil && v > 0 {
				name := processors.ReplaceAllString(f[0], "")
				b.took[side][name] = append(b.took[side][name], v)
			}
		}
	}
	return nil
}

// middle returns the median, which is not a number of none.
func middle(list []float64) float64 {
	if len(list) == 0 {
		return math.NaN()
	}
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// Slow reports whether a benchmark needs an explanation: not if the fastest
// runs show that others on the machine made it slow.
func (r Ratio) Slow() bool { return !(r.Ratio <= SlowRatio || r.Fastest <= SlowRatio) }

// GeometricMean returns that of ratios that are numbers, 1 of none.
func GeometricMean(rs []Ratio) float64 {
	sum, n := 0.0, 0
	for _, r := range rs {
		if !math.IsNaN(r.Ratio) {
			sum, n = sum+math.Log(r.Ratio), n+1
		}
	}
	return math.Exp(sum / math.Max(1, float64(n)))
}

// explainSlow fills in why benchmarks are slow. A sentence is for all parts of
// a benchmark: it is found by the name before the first slash.
func explainSlow(text, module string, rs []Ratio) error {
	for n, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		mod, rest, _ := strings.Cut(line, " ")
		name, why, ok := strings.Cut(rest, " ")
		if !ok {
			return fmt.Errorf("committedbench.txt:%d: want MODULE BENCHMARK SENTENCE", n+1)
		}
		if mod != module {
			continue
		}
		for i := range rs {
			if base, _, _ := strings.Cut(rs[i].Name, "/"); base == name && rs[i].Slow() {
				rs[i].Why = why
			}
		}
	}
	return nil
}

// Unchanged adopts committed builds in a copy of a module, and returns the time
// of vimagegen generate -check, which finds nothing to do, to that of go vet of
// the same packages: the median of pairs of runs in turn, in warm caches. Go
// vet leaves out printf, of which old modules have findings under a new
// language version.
func Unchanged(tool Tool, dir string, m Module, rounds int) (float64, error) {
	a, err := newAdopter(tool, dir, m)
	if err != nil {
		return 0, err
	}
	if _, err := a.generate("-adopt"); err != nil {
		return 0, err
	}
	commands := []func() error{
		func() error { _, err := a.generate("-check"); return err },
		func() error { _, err := a.run("go", "vet", "-printf=false", "./..."); return err },
	}
	var ratios []float64
	for round := range rounds + 1 {
		var took [2]float64
		for i := range commands {
			side := (round + i) % len(commands)
			start := time.Now()
			if err := commands[side](); err != nil {
				return 0, err
			}
			took[side] = time.Since(start).Seconds()
		}
		if round > 0 { // the first one fills caches
			ratios = append(ratios, took[0]/took[1])
		}
	}
	return middle(ratios), nil
}

// LabelSlot builds bench/committed with adopted logrus, and returns what it
// prints, by name.
func LabelSlot(tool Tool, dir string, m Module) (map[string]float64, error) {
	a, err := newAdopter(tool, dir, m)
	if err != nil {
		return nil, err
	}
	if _, err := a.generate("-adopt"); err != nil {
		return nil, err
	}
	text, err := os.ReadFile("bench/committed/main.go")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(a.program, "main.go"), text, 0o666); err != nil {
		return nil, err
	}
	bin := a.program + ".exe"
	if _, err := runIn(a.program, "go", "build", "-tags=vimage", "-o", bin, "."); err != nil {
		return nil, err
	}
	out, err := runIn(a.program, bin)
	if err != nil {
		return nil, err
	}
	figures := map[string]float64{}
	for line := range strings.Lines(out) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		if figures[name], err = strconv.ParseFloat(text, 64); err != nil {
			return nil, fmt.Errorf("bench/committed printed %q", line)
		}
	}
	return figures, nil
}
