package imagetest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// A Dependence is a test that passes after tests before it, in one image, and
// fails in an image of its own.
type Dependence struct {
	Test    string
	On      []string // the tests that it depends on: the fewest that were found; none if it passes alone, too
	Through []string // variables, pkg.name, without whose changes the test fails; nil if that is not known
}

// Explain adds why the variables are virtual, which says where they are
// written: text has lines of a variable's name, a tab, and the reason.
func (d *Dependence) Explain(text string) {
	for line := range strings.Lines(text) {
		name, reason, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		for i, v := range d.Through {
			if v == name {
				d.Through[i] += " (" + reason + ")"
			}
		}
	}
}

// String is a line that reports it.
func (d Dependence) String() string {
	if len(d.On) == 0 {
		return d.Test + " failed, and passes when it is run again, alone"
	}
	s := d.Test + " depends on " + strings.Join(d.On, " and ")
	if len(d.Through) > 0 {
		s += " through " + strings.Join(d.Through, ", ")
	}
	them := "it"
	if len(d.On) > 1 {
		them = "them"
	}
	return s + ": it passes after " + them + " in one image, and fails in an image of its own"
}

// Depend finds out which failed tests depend on tests before them. It is to be
// called when all tests are printed.
//
// A failed test that passes when it runs again, alone, depends on none. For the
// others, all tests run in order in one image, as go test runs them. Of a
// failed test that passes there, the tests before it are halved as long as one
// half is enough; most dependent tests depend on one other (TACAS 2021). In the
// same way the variables that those tests change are halved: a half is enough
// if the test fails when these variables have been put back before it.
func (r *Run) Depend() []Dependence {
	if !r.looked && !r.cfg.FailFast {
		r.looked = true
		r.dependent = r.dependences()
	}
	return r.dependent
}

func (r *Run) dependences() []Dependence {
	var tests []*Job
	last := -1
	for _, j := range r.cfg.Jobs {
		if j.Kind != Test {
			continue
		}
		r.await(j)
		if r.lost(j) {
			last = len(tests)
		}
		tests = append(tests, j)
	}
	if last < 0 {
		return nil
	}
	found := map[int]Dependence{}
	var steady []int // those that fail again when they run alone
	for i, j := range tests[:last+1] {
		switch {
		case !r.lost(j):
		case r.group([]*Job{j}, nil, false).passedRound(0):
			found[i] = Dependence{Test: j.Name}
		case i > 0:
			steady = append(steady, i)
		}
	}
	if len(steady) > 0 {
		together := r.group(tests[:steady[len(steady)-1]+1], nil, false)
		for _, i := range steady {
			if together.passedRound(i) {
				found[i] = r.dependence(tests[i], tests[:i])
			}
		}
	}
	var list []Dependence
	for _, i := range slices.Sorted(maps.Keys(found)) {
		list = append(list, found[i])
	}
	return list
}

// await waits for a job that has been started.
func (r *Run) await(j *Job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !j.over {
		r.changed.Wait()
	}
}

// lost reports whether a job has ended otherwise than by passing.
func (r *Run) lost(j *Job) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return j.over && !j.passed()
}

// dependence finds what a test needs of those before it.
func (r *Run) dependence(j *Job, before []*Job) Dependence {
	passes := func(some []*Job) bool {
		list := append(slices.Clone(some), j)
		return r.group(list, nil, false).passedRound(len(list) - 1)
	}
	d := Dependence{Test: j.Name}
	on := halve(before, passes)
	for _, o := range on {
		d.On = append(d.On, o.Name)
	}
	list := append(slices.Clone(on), j)
	looked := r.group(list, nil, true)
	if !looked.passedRound(len(list) - 1) {
		return d
	}
	if r.cfg.AllowDependent {
		r.mu.Lock()
		j.out, j.rounds, j.status = looked.out, looked.rounds[len(list)-1:], 0
		r.mu.Unlock()
	}
	fails := func(names []string) bool {
		return !r.group(list, names, true).passedRound(len(list) - 1)
	}
	if len(looked.changed) > 0 && fails(looked.changed) {
		d.Through = halve(looked.changed, fails)
	}
	return d
}

// halve returns a part of a list, in order, that is enough. The whole list is.
func halve[E any](list []E, enough func([]E) bool) []E {
	for len(list) > 1 {
		half := len(list) / 2
		switch {
		case enough(list[half:]): // what came last is the more likely
			list = list[half:]
		case enough(list[:half]):
			list = list[:half]
		default:
			return thin(list, enough)
		}
	}
	return list
}

// mostThinned is how long a list may be for thin to try each element.
const mostThinned = 16

// thin leaves out what is not needed, one element at a time.
func thin[E any](list []E, enough func([]E) bool) []E {
	if len(list) > mostThinned {
		return list
	}
	for i := 0; i < len(list); {
		less := slices.Delete(slices.Clone(list), i, i+1)
		if enough(less) {
			list = less
		} else {
			i++
		}
	}
	return list
}

// group runs tests, one after the other, in one image. If watch is set it notes
// which variables all but the last change, and puts some back before the last.
func (r *Run) group(tests []*Job, reset []string, watch bool) *Job {
	g := &Job{Kind: Group, Name: tests[len(tests)-1].Name, run: r, Reset: reset, Watch: watch}
	for _, t := range tests {
		g.Tests = append(g.Tests, t.Index)
	}
	r.mu.Lock()
	r.running++
	g.started = time.Now()
	r.grouped = g
	r.mu.Unlock()
	r.begin(g)
	r.mu.Lock()
	defer r.mu.Unlock()
	for !g.over {
		r.changed.Wait()
	}
	r.grouped = nil
	return g
}

// passedRound reports whether a round of a job that is over passed.
func (j *Job) passedRound(n int) bool {
	d := j.round(n)
	return d != nil && d.done && d.ok
}

// Note takes which variables the job's tests have changed.
func (j *Job) Note(changed []string) { j.changed = changed }
