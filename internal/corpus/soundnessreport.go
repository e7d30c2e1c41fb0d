package corpus

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/go-vimage/vimage/internal/writecheck"
)

// Soundness is what became of all programs.
type Soundness struct {
	Corpus    []*writecheck.Checked `json:"corpus"`
	HardCases []*writecheck.Checked `json:"hard_cases"`
}

// Broken counts the variables called shared that were written.
func (s Soundness) Broken() int { return s.total().Broken }

func (s Soundness) total() writecheck.Tally {
	return writecheck.Sum(slices.Concat(s.Corpus, s.HardCases))
}

// WriteJSON prints every variable of every program.
func (s Soundness) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	return enc.Encode(s)
}

// Write prints a table, the violations with at most that many stacks each, and
// the sums. Precision is the corpus's: the hard cases are not like other
// programs. "Each once" counts a variable as shared if it is in all programs of
// the corpus that it is in; the last line counts it in each.
func (s Soundness) Write(w io.Writer, modules []Module, stacks int) {
	precise := s.HardCases
	if len(s.Corpus) > 0 {
		precise = s.Corpus
		s.table(w)
	}
	for _, c := range slices.Concat(s.Corpus, s.HardCases) {
		writecheck.Violations(w, c.Program, c.Outcomes, stacks)
	}
	for _, m := range modules {
		if own := writecheck.Own(s.Corpus, m.Path); writecheck.Sum(own).Variables > 0 {
			fmt.Fprintf(w, "own variables of %s, each once: %s\n", m.Path, writecheck.Once(own).Precision())
		}
	}
	if len(s.Corpus) > 0 {
		fmt.Fprintf(w, "the corpus's variables, each once: %s\n", writecheck.Once(s.Corpus).Precision())
	}
	if len(s.HardCases) > 0 {
		fmt.Fprintf(w, "%d programs of the hard cases: %s\n", len(s.HardCases), writecheck.Sum(s.HardCases))
	}
	fmt.Fprintf(w, "%s; %s\n", s.total().Soundness(), writecheck.Sum(precise).Precision())
}

func (s Soundness) table(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "tests of\tvariables\tnot linked\twritten\tnever written\tof these shared\tshared yet written\ttests")
	for _, c := range s.Corpus {
		t := c.Tally
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", c.Program, t.Variables, t.Unlinked, t.Written, t.Never(), t.NeverShared, t.Broken, c.Ended)
	}
	tw.Flush()
	fmt.Fprintln(w)
}

// WriteMissed prints the corpus's variables that were never written and are not
// shared, with the reasons, and in how many programs it is so.
func (s Soundness) WriteMissed(w io.Writer) {
	lines := map[string][]string{}
	for _, c := range s.Corpus {
		for _, o := range c.Outcomes {
			if o.Linked && len(o.Writes) == 0 && o.Fate != "shared" {
				line := fmt.Sprintf("%s.%s: never written, yet %s: %s", o.Package, o.Name, o.Fate, o.Reason)
				lines[line] = append(lines[line], c.Program)
			}
		}
	}
	var all []string
	for line, in := range lines {
		first := in[0]
		if len(in) > 1 {
			first += fmt.Sprintf(" and %d more", len(in)-1)
		}
		all = append(all, line+" [tests of "+first+"]")
	}
	slices.SortFunc(all, strings.Compare)
	for _, line := range all {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(w)
}
