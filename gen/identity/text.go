package identity

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
)

// WriteText prints a report: each difference with its instructions, a line per
// package, and the total.
func WriteText(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	renamed := false
	for _, p := range r.Packages {
		show(out, p.Differences, "different")
		show(out, p.Inlined, "different by the inliner's budget")
		show(out, p.Chosen, "different by the compiler's choice")
		for _, n := range p.Renamed {
			fmt.Fprintf(out, "renamed: %s is %s now\n", n.Old, n.New)
			renamed = true
		}
		for _, name := range p.Added {
			fmt.Fprintf(out, "added: accessor %s\n", name)
		}
		for _, d := range p.SetUp {
			if d.Kind == "data" && d.nameB != "" && d.Why != "only on the right side" {
				fmt.Fprintf(out, "%s: %s filled at start: laid out by the compiler on the left side\n", d.Symbol, d.Kind)
			}
		}
	}
	for _, m := range r.Missing {
		fmt.Fprintln(out, m)
	}
	for _, p := range r.Packages {
		fmt.Fprintf(out, "%s: %s\n", p.Path, p.Counts)
	}
	if len(r.Packages) != 1 {
		fmt.Fprintf(out, "total of %d packages: %s\n", len(r.Packages), r.Total)
	}
	for _, what := range slices.Sorted(maps.Keys(r.Causes)) {
		fmt.Fprintf(out, "different: %d: %s\n", r.Causes[what], what)
	}
	verdict := "identical"
	switch {
	case r.OK(false) && renamed:
		verdict = "identical but for names"
	case r.OK(false):
	case r.OK(true):
		verdict = "identical but for addresses"
		if r.Total.Inliner+r.Total.Choice > 0 {
			verdict += " and the compiler's choices"
		}
	default:
		verdict = "different"
	}
	fmt.Fprintf(out, "%s and %s: %s\n", r.From, r.To, verdict)
	return out.Flush()
}

func show(out io.Writer, list []Difference, what string) {
	for _, d := range list {
		at := ""
		if d.File != "" {
			at = fmt.Sprintf("%s:%d: ", path.Base(d.File), d.Line)
		}
		fmt.Fprintf(out, "%s%s %s: %s: %s\n", at, d.Kind, d.Symbol, what, d.Why)
		for _, line := range d.Listing {
			fmt.Fprintf(out, "\t%s\n", line)
		}
	}
}

// String spells the counts, those that are zero left out as far as nobody
// misses them.
func (c Counts) String() string {
	s := fmt.Sprintf("%d functions: %d identical", c.Functions, c.Identical)
	for _, part := range []struct {
		n    int
		what string
	}{
		{c.Addresses, "identical but for addresses"},
		{c.Inliner, "different by the inliner's budget"},
		{c.Choice, "different by the compiler's choice"},
		{c.Different, "different"},
	} {
		if part.n > 0 {
			s += fmt.Sprintf(", %d %s", part.n, part.what)
		}
	}
	s += fmt.Sprintf("; %d data", c.Data)
	if c.DataDifferent > 0 {
		s += fmt.Sprintf(", %d different", c.DataDifferent)
	}
	if c.Start > 0 {
		s += fmt.Sprintf("; %d for the structs' own set-up", c.Start)
	}
	if c.Unused > 0 {
		s += fmt.Sprintf("; %d that a linker leaves out", c.Unused)
	}
	if c.Accessors > 0 {
		s += fmt.Sprintf("; %d added accessors", c.Accessors)
	}
	return s
}
