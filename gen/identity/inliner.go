package identity

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Decisions are what the compiler tells of inlining in one package.
type decisions struct {
	can    map[string]bool
	budget map[string]string // function -> "cost 81 exceeds budget 80"
	calls  []inlined
}

type inlined struct {
	file   string
	line   int
	callee string
}

var (
	canInline  = regexp.MustCompile(`(?m)^\S+: can inline (\S+) with cost \d+`)
	overBudget = regexp.MustCompile(`(?m)^\S+: cannot inline (\S+): .*?(cost \d+ exceeds budget \d+)`)
	inlining   = regexp.MustCompile(`(?m)^([^\s:]+):(\d+):\d+: inlining call to (\S+)`)
)

func readDecisions(text string) *decisions {
	d := &decisions{can: map[string]bool{}, budget: map[string]string{}}
	for _, m := range canInline.FindAllStringSubmatch(text, -1) {
		d.can[m[1]] = true
	}
	for _, m := range overBudget.FindAllStringSubmatch(text, -1) {
		d.budget[m[1]] = m[2]
	}
	for _, m := range inlining.FindAllStringSubmatch(text, -1) {
		line, _ := strconv.Atoi(m[2])
		d.calls = append(d.calls, inlined{m[1], line, m[3]})
	}
	return d
}

// in returns how often which function is inlined between two lines of a file.
func (d *decisions) in(file string, from, to int) map[string]int {
	out := map[string]int{}
	for _, c := range d.calls {
		if c.file == file && from <= c.line && c.line < to {
			out[c.callee]++
		}
	}
	return out
}

// blameInliner finds the functions that differ because a function of the same
// package that they call, or what they are inlined into, is over the inliner's
// budget in the static build alone: a field costs it one node more than a
// variable. That this is all is seen in the trees that the compiler prints when
// it inlines nothing (-W -l): they are the same.
func (s *side) blameInliner(ctx context.Context, cfg Config, t *side, p *pair, pkg *Package) error {
	if !slices.ContainsFunc(pkg.Differences, func(d Difference) bool { return d.Kind == "function" }) {
		return nil
	}
	left, err := s.diagnostics(ctx, cfg, p.a, "-m=2")
	if err != nil {
		return err
	}
	right, err := t.diagnostics(ctx, cfg, p.b, "-m=2")
	if err != nil {
		return err
	}
	a, b := readDecisions(left), readDecisions(right)
	flips := map[string]string{}
	for f, why := range b.budget {
		if a.can[f] {
			flips[f] = why
		}
	}
	if len(flips) == 0 {
		return nil
	}
	plain, fields, err := bothTrees(ctx, cfg, s, t, p, "-W -l")
	if err != nil {
		return err
	}
	var rest []Difference
	for _, d := range pkg.Differences {
		callee, why := "", ""
		if d.Kind == "function" {
			end := p.end(d.File, d.Line)
			there := b.in(d.File, d.Line, end)
			for f, n := range a.in(d.File, d.Line, end) {
				if w, flipped := flips[f]; flipped && there[f] < n && (callee == "" || f < callee) {
					callee, why = f, w
				}
			}
		}
		if callee == "" || !p.sameSource(plain[p.a.local(d.Symbol)], fields[p.b.local(d.nameB)]) {
			rest = append(rest, d)
			continue
		}
		d.Why = fmt.Sprintf("%s is not inlined on the right side: %s", callee, why)
		pkg.Inlined = append(pkg.Inlined, d)
		pkg.Different--
		pkg.Inliner++
	}
	pkg.Differences = rest
	return nil
}

// end is the line where the next function of a file begins.
func (p *pair) end(file string, line int) int {
	end := 1 << 30
	for _, s := range p.a.symbols {
		if s.File == file && s.Line > line && s.Line < end && !strings.Contains(strings.TrimPrefix(s.Name, p.a.prefix), ".func") {
			end = s.Line
		}
	}
	return end
}

// What is told of functions of the static build whose instructions are the
// same, or almost.
const (
	causeMarks = "only no-ops, by which the compiler marks where an inlined call was"
	causeOrder = "the same instructions in another order"
)

// cause tells from aligned instructions why a function of the static build
// differs, or nothing.
func cause(a, b []instruction) string {
	count := map[string]int{}
	marks := false
	for _, r := range align(a, b) {
		if r.same() {
			continue
		}
		for _, side := range []struct {
			i *instruction
			n int
		}{{r.a, 1}, {r.b, -1}} {
			if side.i == nil {
				continue
			}
			if side.i.key == "XCHGL AX, AX" {
				marks = true
				continue
			}
			count[side.i.key] += side.n
		}
	}
	for _, n := range count {
		if n != 0 {
			return ""
		}
	}
	if len(count) == 0 && marks {
		return causeMarks
	}
	return causeOrder
}
