package gen

import (
	"fmt"
	"slices"

	"github.com/go-vimage/vimage/analyzers/perprocess"
	"github.com/go-vimage/vimage/gen/plan"
)

// Contended spells a plan's contentions for a program whose images run side by side: the refusals, and a line for each
// function whose effect all images share, with the first place that names it.
func Contended(p *plan.Plan, dir string) (refused []Refusal, notes []string) {
	var seen []string
	for _, c := range p.Contentions {
		c.Pos.Filename = Rel(dir, c.Pos.Filename)
		if c.Rule.Verdict == perprocess.Refused {
			refused = append(refused, Refusal{c.Pos.String(), "call of " + c.Function.String(), c.Rule.Reason})
			continue
		}
		if name := c.Function.String(); !slices.Contains(seen, name) {
			seen = append(seen, name)
			notes = append(notes, fmt.Sprintf("%s: shared by all images: %s: %s", c.Pos, name, c.Rule.Reason))
		}
	}
	return refused, notes
}
