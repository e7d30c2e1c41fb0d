package corpus

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed explanations.txt
var explanations string

// explain fills in why each difference is there, and complains of explanations
// that nothing needs: a stale one would hide the next difference.
func explain(text, module string, ds []Difference) error {
	used := map[int]bool{}
	type entry struct {
		line      int
		test, why string
	}
	var entries []entry
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		mod, rest, ok1 := strings.Cut(line, " ")
		test, why, ok2 := strings.Cut(rest, " ")
		if !ok1 || !ok2 || strings.TrimSpace(why) == "" {
			return fmt.Errorf("explanations.txt:%d: want MODULE TEST SENTENCE", n)
		}
		if mod == module {
			entries = append(entries, entry{n, test, strings.TrimSpace(why)})
		}
	}
	for i, d := range ds {
		for _, e := range entries {
			if e.test == d.Test {
				ds[i].Why = e.why
				used[e.line] = true
			}
		}
	}
	for _, e := range entries {
		if !used[e.line] {
			return fmt.Errorf("explanations.txt:%d: %s of %s does not differ", e.line, e.test, module)
		}
	}
	return nil
}
