package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// Verdict is how one test ended. Test is "" for the package as a whole.
type Verdict struct {
	Package, Test string
	Action        string // pass, fail, skip or build-fail
}

// Verdicts counts how often each verdict was given: tests may run twice, and
// names may repeat.
type Verdicts map[Verdict]int

// fetch gets the modules that packages and their tests need, so that what the
// go command says of downloads is not taken for what the tests say.
func fetch(packages string) error {
	cmd := exec.Command("go", "list", "-deps", "-test", packages)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, stderr.Bytes())
	}
	return nil
}

// runTests runs a command that prints test2json's events. The command's own
// failure is not an error as long as it gave verdicts: they say what failed.
func runTests(command ...string) (Verdicts, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	vs, perr := parseVerdicts(stdout.Bytes())
	if perr == nil && len(vs) > 0 && stderr.Len() == 0 {
		return vs, nil
	}
	switch {
	case perr != nil:
		err = perr
	case err == nil:
		err = errors.New("no verdicts, or something on standard error")
	}
	return vs, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, stderr.Bytes())
}

func parseVerdicts(events []byte) (Verdicts, error) {
	// Some tests print a pointer in their name, which is another in each run.
	address := regexp.MustCompile(`0x[0-9a-f]{6,}`)
	vs := Verdicts{}
	for line := range bytes.Lines(events) {
		var e struct{ Action, Package, ImportPath, Test string }
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("%.80q: %w", line, err)
		}
		switch e.Action {
		case "pass", "fail", "skip":
			vs[Verdict{e.Package, address.ReplaceAllString(e.Test, "0x?"), e.Action}]++
		case "build-fail":
			vs[Verdict{e.ImportPath, "", e.Action}]++
		}
	}
	return vs, nil
}

// String says how many tests passed, failed and were skipped.
func (vs Verdicts) String() string {
	n := map[string]int{}
	for v, times := range vs {
		if v.Test != "" || v.Action == "build-fail" {
			n[v.Action] += times
		}
	}
	s := fmt.Sprintf("%d pass", n["pass"])
	for _, action := range []string{"fail", "skip", "build-fail"} {
		if n[action] > 0 {
			s += fmt.Sprintf(", %d %s", n[action], action)
		}
	}
	return s
}

// packages returns how many packages gave a verdict.
func (vs Verdicts) packages() int {
	all := map[string]bool{}
	for v := range vs {
		all[v.Package] = true
	}
	return len(all)
}

// Difference is a test that ended otherwise when virtualised.
type Difference struct {
	Package, Test      string
	Plain, Virtualised string
	Why                string // from the explanations; "" if there is none
}

func (d Difference) String() string {
	return fmt.Sprintf("%s %s: plain %s, virtualised %s", d.Package, d.Test, d.Plain, d.Virtualised)
}

// compare lists the differences, sorted.
func compare(plain, virtualised Verdicts) []Difference {
	type test struct{ pkg, name string }
	ended := func(vs Verdicts) map[test]string {
		actions := map[test][]string{}
		for v, times := range vs {
			t := test{v.Package, v.Test}
			for range times {
				actions[t] = append(actions[t], v.Action)
			}
		}
		m := map[test]string{}
		for t, as := range actions {
			slices.Sort(as)
			m[t] = strings.Join(as, "+")
		}
		return m
	}
	p, v := ended(plain), ended(virtualised)
	var ds []Difference
	add := func(t test) {
		if p[t] != v[t] {
			none := func(s string) string {
				if s == "" {
					return "none"
				}
				return s
			}
			ds = append(ds, Difference{Package: t.pkg, Test: t.name, Plain: none(p[t]), Virtualised: none(v[t])})
		}
	}
	for t := range p {
		add(t)
	}
	for t := range v {
		if _, both := p[t]; !both {
			add(t)
		}
	}
	slices.SortFunc(ds, func(a, b Difference) int {
		return strings.Compare(a.Package+" "+a.Test, b.Package+" "+b.Test)
	})
	return ds
}

// stats is what vimagegen's -stats writes.
type stats struct {
	Packages []struct {
		Path                     string
		Virtual, Shared, Refused int
		Bytes                    int64
	}
}

func readStats(file string) (s stats, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// bytes sums what one image spends on containers.
func (s stats) bytes() (n int64) {
	for _, p := range s.Packages {
		n += p.Bytes
	}
	return n
}

// of sums the variables of a module's own packages, external tests included.
func (s stats) of(module string) (f Fates) {
	for _, p := range s.Packages {
		if path := strings.TrimSuffix(p.Path, "_test"); path == module || strings.HasPrefix(path, module+"/") {
			f.Virtual += p.Virtual
			f.Shared += p.Shared
			f.Refused += p.Refused
		}
	}
	return f
}
