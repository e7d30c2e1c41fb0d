package corpus

import (
	"errors"
	"os"
	"path/filepath"
)

// Run compares one module. Work is done in the current directory, which must be that of this module's go.mod. Modules
// are compared one after the other: some tests watch the clock.
func Run(tool Tool, m Module) Result {
	r := Result{Module: m}
	r.Err = r.compareTests(tool)
	r.First, r.Changed, r.IsolationErr = isolated(tool, m.Name)
	return r
}

func (r *Result) compareTests(tool Tool) error {
	dir, err := os.MkdirTemp("", "corpus")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	stats := filepath.Join(dir, "stats.json")
	packages := r.Module.Path + "/..."
	var perr, verr, serr error
	r.Plain, perr = runTests("go", "test", "-json", packages)
	r.Virtualised, verr = runTests(tool.command("test", "-json", "-stats="+stats, packages)...)
	if perr == nil && verr == nil {
		r.Virtual, r.Shared, r.Refused, serr = readStats(stats, r.Module.Path)
	}
	r.Differences = compare(r.Plain, r.Virtualised)
	return errors.Join(perr, verr, serr, explain(explanations, r.Module.Path, r.Differences))
}
