package gen

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/aliases"
	"github.com/go-vimage/vimage/gen/emit"
	"github.com/go-vimage/vimage/gen/goroot"
	"github.com/go-vimage/vimage/gen/listings"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/rewrite"
	"github.com/go-vimage/vimage/gen/testvet"
	"github.com/go-vimage/vimage/gen/verdicts"
)

// A Request names a program, as the go command's build, run or test would be told it.
type Request struct {
	Dir      string   // where the user stands
	Env      []string // the user's environment
	Flags    []string // the user's build flags, as they were written
	Patterns []string // packages, or Go files
	Modules  []string // packages whose functions take the place of slots, in load order
	Loadable bool     // slots call the modules that are loaded; Modules are linked in for that
	Tests    bool     // with the packages' tests
	Launch   bool     // main packages start images (vimage.Launch) instead of main
	Debug    bool     // with Launch: and serve package runtime/vimage/debug, if their user asks for it
	Slot     string   // "g", "label" or "" for what the toolchain allows
	Check    bool     // test binaries look at the end whether images are isolated,
	Diff     bool     // and whether the second one has changed,
	Strict   bool     // also by variables that are shared by the user's word
	Apart    bool     // test binaries can run each test in an image of its own
	Cover    bool     // test binaries count what their tests cover

	// Build is the build that is made; "" is that with images. The others leave GOROOT alone, and what cannot be
	// virtual stays in them as it is.
	Build rewrite.Build

	// Committed, if it is not nil, asks for committed builds: see [Commit].
	Committed *plan.Committed
	// Emitters make files of committed builds, beside those with containers.
	Emitters []Emitter
	// Overlay are files that the program has in place of those on disk, for committed builds.
	Overlay map[string][]byte

	// Known is called, if it is not nil, when the program's files are listed
	// and nothing is parsed yet, with the identity of all that decides the
	// Result. If it returns true, Generate ends with ErrKnown.
	Known func(id *Identity) bool

	// Listings keeps what go list printed; nil to run it each time.
	Listings *listings.Cache

	// Verdicts keeps the proof's results between runs; nil for no results.
	Verdicts verdicts.Store

	Progress func(step string)     // called at the beginning of each step; may be nil
	Count    func(done, total int) // called while a step goes through packages; may be nil
	Trace    func(args []string)   // called with each go command before it runs; may be nil
}

// A Result is what the build shall see.
type Result struct {
	Files    map[string][]byte // absolute path of the author's file -> content; nil: deleted
	Packages []string          // import paths that the patterns stand for
	Slot     string            // the slot taken: "g" or "label"
	Note     string            // one line about the slot, if it is not the one that was asked for
	Problems []string          // words that make no sense, a line each, sorted; if there are any, Files is of no use
	Refused  []Refusal         // sorted; the same holds
	Names    []rewrite.Name    // of the builds nop and static: what has become of the variables' symbols
	Plan     *plan.Plan        // what was decided, and why
	Broken   []*load.Package   // with Tests: those that do not type-check; they are left as they are, for the go command to report
	Named    []string          // base names of generated files that must be named beside the user's, when Patterns are Go files
	Embeds   bool              // a package embeds Go files, which must be as their author wrote them: see gen/workspace
	Separate bool              // what images block on is their own, so that their deadlocks can be told
	Vet      string            // with Tests: the value for -vet that suits a user who gave none

	// Patches are what was done to the author's files, for package cutoff; nil
	// if it cannot be told what it would be for other values of literals.
	Patches map[string]*rewrite.Patch
	// Places are the generated files that may name lines of the author's.
	Places []string
}

// A Refusal names what cannot be virtualised.
type Refusal struct {
	Pos    string // file:line:col
	Name   string // "variable x"
	Reason string
}

func (r Refusal) String() string { return r.Pos + ": refused: " + r.Name + ": " + r.Reason }

func (r *Request) step(s string) {
	if r.Progress != nil {
		r.Progress(s)
	}
}

const (
	stdRuntime = naming.StdPath                               // the runtime as a standard package, laid in by the base overlay
	modRuntime = "github.com/go-vimage/vimage/runtime/vimage" // the same, as users import it
	modCore    = modRuntime + "/internal/core"

	modIsolation = modRuntime + "/isolation"
	modDebug     = modRuntime + "/debug"
	modSlots     = aliases.Path + "/aliasdebug" // the debug pages with that of slots
)

// Generate virtualises a program. An error for which errors.Is(err, load.ErrProgram) holds is the program's own.
func Generate(ctx context.Context, req Request) (*Result, error) {
	build, early := cmp.Or(req.Build, rewrite.Vimage), 0
	if build == rewrite.Vimage {
		early = manyPackages
	}
	a, err := analyze(ctx, req, early)
	if err != nil {
		return nil, err
	}
	if a.linked != nil && a.linked.problems != nil {
		return &Result{Problems: a.linked.problems}, nil
	}
	p, prog, base := a.plan, a.plan.Prog, a.base
	res := &Result{Slot: base.Slot, Note: base.Note, Plan: p, Broken: prog.Broken}
	for _, root := range prog.Roots {
		res.Packages = append(res.Packages, root.ImportPath)
	}
	if req.Tests && !a.early {
		if res.Vet, err = testvet.Flag(prog); err != nil {
			return nil, err
		}
	}
	if res.Problems = Problems(p, req.Dir); res.Problems != nil {
		return res, nil
	}
	if res.Refused = refusals(p, req.Dir); res.Refused != nil && build == rewrite.Vimage {
		return res, nil
	}
	res.Separate = prog.ByID[modRuntime] == nil && p.Separate()
	req.step("rewriting")
	align64 := slices.Contains([]string{"386", "arm", "mips", "mipsle"}, a.env.GOARCH)
	watched := build == rewrite.Vimage && (req.Check || prog.ByID[modIsolation] != nil)
	rw, err := rewrite.Rewrite(p, rewrite.Options{Build: build, Launch: req.Launch, Align64: align64, Shared: watched})
	if err != nil {
		return nil, err
	}
	emitted, err := emit.Emit(prog, rw.Parts, emit.Options{
		Build:    build,
		Runtime:  "runtime",
		Launcher: stdRuntime,
		Debugger: a.debugger,
		Watch:    res.Separate,
		Align64:  align64,
		Lay:      p.Lay,
		Taken:    rw.Taken,
		Version:  languageVersion(a.env.GOVERSION),
		Places:   watched,
	})
	if err != nil {
		return nil, err
	}
	res.Files = map[string][]byte{}
	res.Names = rw.Names
	if watched || req.Apart { // not before: what looks on is no part of the program that is planned
		opts := goroot.Options{
			Watch: watched, Debug: a.debugger == goroot.DebugPath,
			Check: req.Check, Diff: req.Diff, Strict: req.Strict, Apart: req.Apart,
		}
		if base, err = base.With(opts); err != nil {
			return nil, err
		}
	}
	if build == rewrite.Vimage {
		maps.Copy(res.Files, base.Files)
	}
	if a.linked != nil {
		maps.Copy(res.Files, a.linked.files)
	}
	maps.Copy(res.Files, rw.Files)
	maps.Copy(res.Files, emitted)
	res.Embeds = embedded(prog, res.Files)
	if build == rewrite.Vimage && !res.Embeds && !a.compiled && a.linked == nil {
		res.Patches = rw.Patches
		for _, text := range emitted {
			res.Places = append(res.Places, string(text))
		}
	}
	if p := prog.ByID["command-line-arguments"]; p != nil {
		for _, path := range slices.Sorted(maps.Keys(emitted)) {
			if filepath.Dir(path) == p.Dir {
				res.Named = append(res.Named, filepath.Base(path))
			}
		}
	}
	if build != rewrite.Vimage {
		return res, nil
	}
	return res, forward(prog, res.Files)
}

// index is what takes the place of package pcpu's index.go.
const index = "// " + naming.Header + "\n\npackage pcpu\n\nimport \"runtime\"\n\nfunc index() int { return runtime.VnetP() }\n"

// forward has the runtime package that the program imports hand everything on to the standard one, so that there is
// one state, and package pcpu ask the runtime for its P.
func forward(prog *load.Program, files map[string][]byte) error {
	if p := prog.ByID[plan.PcpuPath]; p != nil {
		files[filepath.Join(p.Dir, "index.go")] = []byte(index)
	}
	p := prog.ByID[modRuntime]
	if p == nil {
		return nil
	}
	src, err := goroot.Forwarders()
	if err != nil {
		return err
	}
	for _, name := range slices.Concat(p.GoFiles, p.IgnoredGoFiles) {
		if !strings.HasSuffix(name, "_test.go") {
			files[filepath.Join(p.Dir, name)] = nil
		}
	}
	files[filepath.Join(p.Dir, p.GoFiles[0])] = src
	return nil
}

func refusals(p *plan.Plan, dir string) []Refusal {
	findings := slices.Clone(p.Findings)
	for _, v := range p.Refusals() {
		name := v.Name
		if p.Packages[v.Pkg].Standard {
			name = v.Key.String()
		}
		findings = append(findings, plan.Finding{Pos: p.Place(v), Name: "variable " + name, Reason: v.Reason})
	}
	slices.SortStableFunc(findings, func(a, b plan.Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.Pos.Line, b.Pos.Line))
	})
	var out []Refusal
	spell := Speller(p.Prog, dir)
	for _, f := range findings {
		f.Pos.Filename = spell(f.Pos.Filename)
		out = append(out, Refusal{f.Pos.String(), f.Name, f.Reason})
	}
	return out
}
