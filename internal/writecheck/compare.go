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

// ReadVerdicts reads a document of vimagegen report -json. C variables are left
// out: the tool says nothing of them but that they are there.
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

// Checked is a program that was watched, and what came of it.
type Checked struct {
	Program  string    `json:"program"`
	Ended    string    `json:"ended"` // "pass", or how else
	Objects  int       `json:"objects"`
	Tally    Tally     `json:"tally"`
	Outcomes []Outcome `json:"outcomes"`
}

// Check lays what was seen of a program beside the verdicts.
func Check(program string, verdicts []Verdict, seen *Seen) *Checked {
	c := &Checked{Program: program, Ended: "pass", Objects: seen.Objects, Outcomes: Outcomes(verdicts, seen)}
	if seen.Err != nil {
		c.Ended = seen.Err.Error()
	}
	c.Tally = Count(c.Outcomes)
	return c
}
