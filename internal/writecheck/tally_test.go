package writecheck

import "testing"

func TestSums(t *testing.T) {
	outcome := func(pkg, name, fate string, writes int) Outcome {
		return Outcome{Verdict{Package: pkg, Name: name, Fate: fate}, true, make([]Write, writes)}
	}
	program := func(all ...Outcome) *Checked { return &Checked{Outcomes: all, Tally: Count(all)} }
	all := []*Checked{
		program(outcome("m", "x", "shared", 0), outcome("m/q_test", "y", "shared", 0), outcome("mm", "z", "virtual", 1)),
		program(outcome("m", "x", "shared", 0), outcome("m/q_test", "y", "virtual", 0), outcome("mm", "z", "shared", 0)),
		program(outcome("m", "x", "shared", 0), Outcome{Verdict: Verdict{Package: "m", Name: "unlinked", Fate: "virtual"}}),
	}
	for what, c := range map[string]struct {
		got  Tally
		want Tally
	}{
		"sum":  {Sum(all), Tally{Variables: 7, Unlinked: 1, Written: 1, Shared: 5, NeverShared: 5}},
		"once": {Once(all), Tally{Variables: 3, Unlinked: 1, Written: 1, Shared: 1, NeverShared: 1}},
		"own":  {Once(Own(all, "m")), Tally{Variables: 2, Unlinked: 1, Shared: 1, NeverShared: 1}},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %+v, want %+v", what, c.got, c.want)
		}
	}
}
