package writecheck

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Verdict is what the analysis says of one variable, as vimagegen report -json prints it.
type Verdict struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	Kind    string `json:"kind,omitempty"`
	Fate    string `json:"fate"`
	Reason  string `json:"reason"`
}

// ReadVerdicts reads a document of vimagegen report -json. C variables are left out: the tool says nothing of them but
// that they are there.
func ReadVerdicts(r io.Reader) ([]Verdict, error) {
	var doc struct {
		Version   int       `json:"version"`
		Variables []Verdict `json:"variables"`
	}
	if err := json.NewDecoder(r).Decode(&doc); err != nil {
		return nil, fmt.Errorf("verdicts: %w", err)
	}
	if doc.Version != 1 {
		return nil, fmt.Errorf("verdicts: version %d, not 1", doc.Version)
	}
	for _, v := range doc.Variables {
		if !slices.Contains([]string{"virtual", "shared", "refused"}, v.Fate) {
			return nil, fmt.Errorf("verdicts: %s.%s has the unknown fate %q", v.Package, v.Name, v.Fate)
		}
	}
	return slices.DeleteFunc(doc.Variables, func(v Verdict) bool { return v.Kind == "c" }), nil
}

// Names lists the variables that there are verdicts of.
func Names(verdicts []Verdict) []Name {
	names := make([]Name, len(verdicts))
	for i, v := range verdicts {
		names[i] = Name{v.Package, v.Name}
	}
	return names
}

// An Outcome is a variable of a program: what was said of it and what it did.
type Outcome struct {
	Verdict
	Linked bool    `json:"linked"` // false: the linker found no use of it
	Writes []Write `json:"writes,omitempty"`
}

// Sound reports whether what was seen does not contradict the verdict.
func (o Outcome) Sound() bool { return o.Fate != "shared" || len(o.Writes) == 0 }

// Outcomes lays what was seen beside the verdicts, sorted by package and name.
func Outcomes(verdicts []Verdict, seen *Seen) []Outcome {
	var all []Outcome
	for _, v := range verdicts {
		writes, linked := seen.Writes[Name{v.Package, v.Name}]
		all = append(all, Outcome{v, linked, writes})
	}
	slices.SortFunc(all, func(a, b Outcome) int {
		return cmp.Or(strings.Compare(a.Package, b.Package), strings.Compare(a.Name, b.Name))
	})
	return all
}

// A Tally counts outcomes. Variables that the linker left out are in none of the numbers but Unlinked.
type Tally struct {
	Variables   int `json:"variables"`
	Unlinked    int `json:"unlinked"`
	Written     int `json:"written"`
	Shared      int `json:"shared"`
	Broken      int `json:"broken"`       // shared, and written
	NeverShared int `json:"never_shared"` // shared, and never written
}

// Never counts the variables that were never seen written.
func (t Tally) Never() int { return t.Variables - t.Written }

// Count tallies outcomes.
func Count(all []Outcome) (t Tally) {
	for _, o := range all {
		if !o.Linked {
			t.Unlinked++
			continue
		}
		t.Variables++
		written, shared := len(o.Writes) > 0, o.Fate == "shared"
		for _, c := range []struct {
			n    *int
			when bool
		}{{&t.Written, written}, {&t.Shared, shared}, {&t.Broken, shared && written}, {&t.NeverShared, shared && !written}} {
			if c.when {
				*c.n++
			}
		}
	}
	return t
}

// Add adds another tally.
func (t *Tally) Add(u Tally) {
	t.Variables += u.Variables
	t.Unlinked += u.Unlinked
	t.Written += u.Written
	t.Shared += u.Shared
	t.Broken += u.Broken
	t.NeverShared += u.NeverShared
}

// String is the last line of a report.
func (t Tally) String() string {
	percent := 100.0
	if t.Never() > 0 {
		percent = 100 * float64(t.NeverShared) / float64(t.Never())
	}
	return fmt.Sprintf("soundness: %d of %d shared variables written; precision: %.1f %% (shared %d of %d never written)",
		t.Broken, t.Shared, percent, t.NeverShared, t.Never())
}
