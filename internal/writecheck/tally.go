package writecheck

import (
	"fmt"
	"slices"
	"strings"
)

// A Tally counts outcomes. Variables that the linker left out are in none of
// the numbers but Unlinked.
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

// Sum adds the tallies of programs: a variable counts once in each program that
// it is in, where it has a verdict.
func Sum(all []*Checked) (t Tally) {
	for _, c := range all {
		t.Add(c.Tally)
	}
	return t
}

// Own limits programs to the packages of one module, external tests included.
func Own(all []*Checked, module string) (own []*Checked) {
	for _, c := range all {
		o := *c
		o.Outcomes = slices.DeleteFunc(slices.Clone(c.Outcomes), func(o Outcome) bool {
			path := strings.TrimSuffix(o.Package, "_test")
			return path != module && !strings.HasPrefix(path, module+"/")
		})
		o.Tally = Count(o.Outcomes)
		own = append(own, &o)
	}
	return own
}

// Once counts each variable once: it is written if it was in any program, and
// shared if it is in all that it is in.
func Once(all []*Checked) Tally {
	byName := map[Name]*Outcome{}
	for _, c := range all {
		for _, o := range c.Outcomes {
			n := Name{o.Package, o.Name}
			switch u := byName[n]; {
			case u == nil:
				byName[n] = &o
			case o.Linked && !u.Linked:
				*u = o
			case o.Linked:
				u.Writes = slices.Concat(u.Writes, o.Writes)
				if o.Fate != "shared" {
					u.Fate = o.Fate
				}
			}
		}
	}
	var outcomes []Outcome
	for _, o := range byName {
		outcomes = append(outcomes, *o)
	}
	return Count(outcomes)
}

// String is the last line of a report.
func (t Tally) String() string {
	return t.Soundness() + "; " + t.Precision()
}

// Soundness says how many verdicts are wrong.
func (t Tally) Soundness() string {
	return fmt.Sprintf("soundness: %d of %d shared variables written", t.Broken, t.Shared)
}

// Precision says how many of the variables that were never seen written are
// shared.
func (t Tally) Precision() string {
	percent := 100.0
	if t.Never() > 0 {
		percent = 100 * float64(t.NeverShared) / float64(t.Never())
	}
	return fmt.Sprintf("precision: %.1f %% (shared %d of %d never written)", percent, t.NeverShared, t.Never())
}
