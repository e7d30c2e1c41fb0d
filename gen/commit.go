package gen

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"

	"github.com/go-vimage/vimage/gen/emit"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/rewrite"
)

// A Commitment is what committed builds of some packages consist of.
type Commitment struct {
	Plan     *plan.Plan
	Problems []string          // as in Result
	Refused  []Refusal         // as in Result
	Edited   map[string][]byte // by path of the author's file: its text in the vimage build, with the author's constraints
	Added    map[string]File   // by path: what the emitters made
}

// Commit makes the committed builds of the packages that req.Committed adopts.
// The patterns should name all packages of the main modules: what one of them
// does decides what is virtual in another.
func Commit(ctx context.Context, req Request) (*Commitment, error) {
	a, err := analyze(ctx, req, 0)
	if err != nil {
		return nil, err
	}
	if a.linked != nil && a.linked.problems != nil {
		return &Commitment{Problems: a.linked.problems}, nil
	}
	p := a.plan
	c := &Commitment{Plan: p, Edited: map[string][]byte{}}
	if c.Problems = Problems(p, req.Dir); c.Problems != nil {
		return c, nil
	}
	if c.Refused = refusals(p, req.Dir); c.Refused != nil {
		return c, nil
	}
	req.step("rewriting")
	rw, err := rewrite.Rewrite(p, rewrite.Options{Build: rewrite.Committed})
	if err != nil {
		return nil, err
	}
	emitted, err := emit.Emit(p.Prog, rw.Parts, emit.Options{
		Build:    rewrite.Committed,
		Runtime:  modRuntime,
		Launcher: modRuntime,
		Taken:    rw.Taken,
		Version:  languageVersion(a.env.GOVERSION),
		Adopted:  req.Committed.Adopted,
	})
	if unnamed := (*emit.TypeError)(nil); errors.As(err, &unnamed) {
		pos := unnamed.Pos
		pos.Filename = Rel(req.Dir, pos.Filename)
		c.Refused = []Refusal{{pos.String(), "variable " + unnamed.Name, unnamed.Err.Error()}}
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	linked := map[string][]byte{}
	if a.linked != nil {
		maps.Copy(c.Edited, a.linked.files)
	}
	maps.Copy(c.Edited, rw.Files)
	for path, text := range c.Edited {
		if filepath.Base(path) == aliasFile {
			linked[path] = text
			delete(c.Edited, path)
		}
	}
	emitters := append([]Emitter{containers(emitted), aliasFiles(linked)}, req.Emitters...)
	if c.Added, err = ask(emitters, planned(p, req.Committed.Adopted)); err != nil {
		return nil, err
	}
	for path := range emitted {
		if _, ok := c.Added[path]; !ok {
			return nil, fmt.Errorf("%s: its package is not adopted", path)
		}
	}
	return c, nil
}
