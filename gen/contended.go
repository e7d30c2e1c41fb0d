package gen

import (
	"fmt"
	"slices"

	"github.com/go-vimage/vimage/analyzers/perprocess"
	"github.com/go-vimage/vimage/gen/plan"
)

// Contended spells a plan's contentions for a program whose images run side by
// side: the refusals, and a line for each function whose effect all images share,
// with the first place that names it. Where nothing is to be refused, there is
// such a line for what would be.
func Contended(p *plan.Plan, dir string, refuse bool) (refused []Refusal, notes []string) {
	var seen []string
	spell := Speller(p.Prog, dir)
	for _, c := range p.Contentions {
		c.Pos.Filename = spell(c.Pos.Filename)
		if refuse && c.Rule.Verdict == perprocess.Refused {
			refused = append(refused, Refusal{c.Pos.String(), "call of " + c.Function.String(), fmt.Sprintf(
				"%s; if that is wanted, say `shared %s REASON` in %s", c.Rule.Reason, c.Function, plan.SettingsFile)})
			continue
		}
		if name := c.Function.String(); !slices.Contains(seen, name) {
			seen = append(seen, name)
			notes = append(notes, fmt.Sprintf("%s: shared by all images: %s: %s", c.Pos, name, c.Rule.Reason))
		}
	}
	return refused, notes
}
