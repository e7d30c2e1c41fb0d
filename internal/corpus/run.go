package corpus

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
)

// Run compares one module. Work is done in the current directory, which must be
// that of this module's go.mod. Modules are compared one after the other: some
// tests watch the clock.
func Run(tool Tool, m Module) Result {
	r := Result{Module: m}
	r.Err = r.compareTests(tool)
	r.Isolation, r.IsolationErr = isolated(tool, m.Name)
	return r
}

// looks is how often tests that ended otherwise are looked at once more. Some
// watch the clock, and on a machine that has much else to do they fail on
// either side. What differs for a reason differs each time.
const looks = 3

func (r *Result) compareTests(tool Tool) error {
	dir, err := os.MkdirTemp("", "corpus")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "stats.json")
	packages := r.Module.Path + "/..."
	both := func() error {
		var perr, verr error
		r.Plain, perr = runTests("go", "test", "-json", packages)
		r.Virtualised, verr = runTests(tool.command("test", "-json", "-stats="+file, packages)...)
		r.Differences = compare(r.Plain, r.Virtualised)
		return errors.Join(perr, verr)
	}
	if err = fetch(packages); err == nil {
		err = both()
	}
	for again := 0; err == nil && len(r.Differences) > 0 && again < looks; again++ {
		before := r.Differences
		err = both()
		r.Differences = slices.DeleteFunc(r.Differences, func(d Difference) bool { return !slices.Contains(before, d) })
	}
	if err == nil {
		var s stats
		s, err = readStats(file)
		r.Fates = s.of(r.Module.Path)
	}
	return errors.Join(err, explain(explanations, r.Module.Path, r.Differences))
}
