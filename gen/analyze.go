package gen

import (
	"context"
	"path"
	"path/filepath"
	"slices"

	"github.com/go-vimage/vimage/analyzers/stdstate"
	"github.com/go-vimage/vimage/gen/aliases"
	"github.com/go-vimage/vimage/gen/goroot"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/managed"
	"github.com/go-vimage/vimage/gen/objects/objfile"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/workspace"
)

// An analysis is a program that is loaded and planned.
type analysis struct {
	plan *plan.Plan
	base *goroot.Result
	env  *workspace.Environment

	debugger string // import path of the package that serves debug pages; "" if none is asked for

	linked *linking // nil if the program has no modules

	early bool // it is refused already: the plan says no more than that

	compiled bool // the compiler was asked about files that people edit
}

// Analyze loads a program and plans it, as Generate does before it rewrites anything. With req.Tests, packages that do
// not type-check are left out, and named in the plan's Prog.Broken.
func Analyze(ctx context.Context, req Request) (*plan.Plan, error) {
	a, err := analyze(ctx, req, 0)
	if err != nil {
		return nil, err
	}
	return a.plan, nil
}

// manyPackages is the number of packages, those of the standard library included, from which on a program is not proved before
// what syntax shows is refused. The proof of a smaller one takes seconds, and then all refusals are reported together.
const manyPackages = 150

// analyze ends when the files are parsed if the program has at least as many packages as early says, if that is not 0, and
// syntax alone shows what is to be refused.
func analyze(ctx context.Context, req Request, early int) (*analysis, error) {
	env, err := readEnv(ctx, req)
	if err != nil {
		return nil, err
	}
	if err := inModule(ctx, req, env); err != nil {
		return nil, err
	}
	debugger, err := findDebugger(ctx, req, env)
	if err != nil {
		return nil, err
	}
	base, extra := &goroot.Result{Files: req.Overlay}, []string(nil)
	if req.Committed == nil { // else a stock toolchain builds the program
		extra = []string{stdRuntime}
		opts := goroot.Options{GOROOT: env.GOROOT, Slot: req.Slot, Debug: debugger == goroot.DebugPath}
		if base, err = goroot.Overlay(opts); err != nil {
			return nil, err
		}
	}
	user := env.User
	open := func(files map[string][]byte) (*workspace.Workspace, error) {
		return workspace.Open(ctx, workspace.Config{
			Dir: req.Dir, Env: req.Env, Flags: req.Flags, Files: files, Environment: env,
		})
	}
	ws, err := open(base.Files)
	if err != nil {
		return nil, err
	}
	defer ws.Close()
	overlay, err := contents(env.Overlay, base.Files)
	if err != nil {
		return nil, err
	}
	req.step("loading")
	std, err := stdstate.Read()
	if err != nil {
		return nil, err
	}
	cfg := &load.Config{
		Dir:       req.Dir,
		Env:       ws.Env,
		Flags:     append(loadFlags(user), ws.Flags...),
		Overlay:   overlay,
		Tests:     req.Tests,
		Broken:    req.Tests && req.Committed == nil,
		GOARCH:    env.GOARCH,
		GoVersion: languageVersion(env.GOVERSION),
		Extra:     extra,
		Trace:     req.Trace,
		Count:     req.Count,
	}
	if debugger != "" {
		cfg.Extra = append(cfg.Extra, debugger)
	}
	if req.Tests && req.Cover { // the main function of such a test binary imports it
		cfg.Extra = append(cfg.Extra, "internal/coverage/cfile")
	}
	if !req.Tests { // else they are no packages to be tested
		cfg.Extra = append(cfg.Extra, req.Modules...)
	}
	settings, err := plan.ReadSettings(env.MainRoot())
	if err != nil {
		return nil, err
	}
	mode, _ := user.Last("buildmode")
	opts := plan.Options{
		Standard:   std,
		Labels:     base.Slot == goroot.SlotLabel,
		Settings:   settings,
		PackageDir: func(path string) string { return load.PackageDir(ctx, cfg, path) },
		GOOS:       env.GOOS,
		Plugin:     mode == "plugin",
		Committed:  req.Committed,
		Verdicts:   req.Verdicts,
		Exclude:    func(path string) bool { return path == modRuntime || path == modCore },
	}
	var refused *plan.Plan
	if early > 0 {
		cfg.Parsed = func(prog *load.Program) bool {
			if len(prog.Packages) < early {
				return true
			}
			if p := plan.Early(prog, opts); len(p.Problems)+len(p.Findings)+len(p.Refusals()) > 0 {
				refused = p
			}
			return refused == nil
		}
	}
	links := len(req.Modules) > 0 || req.Loadable || req.Committed != nil
	listing, id, err := list(ctx, req, env, cfg, links)
	if err != nil {
		return nil, err
	}
	var linked *linking
	if links {
		all := listing
		if req.Tests && len(req.Modules) > 0 {
			if all, err = withModules(ctx, cfg, listing, req.Modules); err != nil {
				return nil, err
			}
		}
		if linked, err = link(req, all, overlay); err != nil {
			return nil, err
		}
		if linked.problems != nil {
			return &analysis{linked: linked, base: base, env: env}, nil
		}
	}
	if linked != nil && len(linked.files) > 0 {
		if linked.loadable {
			if load.PackageDir(ctx, cfg, aliases.Path) == "" {
				text := "the program's module does not require github.com/go-vimage/vimage," +
					" whose package runtime/alias is called by slots that modules are loaded for"
				return nil, &load.ProgramError{Text: text}
			}
			cfg.Extra = append(cfg.Extra, aliases.Path)
			if debugger != "" {
				debugger = modSlots
				cfg.Extra = append(cfg.Extra, debugger)
			}
		}
		ws.Close()
		if ws, err = open(over(base.Files, linked.files)); err != nil {
			return nil, err
		}
		defer ws.Close()
		cfg.Env, cfg.Flags, cfg.Overlay = ws.Env, append(loadFlags(user), ws.Flags...), over(overlay, linked.files)
		if listing, id, err = list(ctx, req, env, cfg, links); err != nil {
			return nil, err
		}
	}
	if req.Known != nil && req.Known(id) {
		return nil, ErrKnown
	}
	prog, err := load.LoadListed(ctx, cfg, listing)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return &analysis{plan: refused, base: base, env: env, early: true}, nil
	}
	req.step("planning")
	if req.Count != nil {
		req.Count(len(prog.Packages), len(prog.Packages))
	}
	opts.LinkerSet = linkerSet(user, prog)
	asked := false
	opts.Objects = func(ids []string) (map[string][]*objfile.Symbol, error) {
		asked = asked || anyEdited(prog, ids)
		return compiled(ctx, req, env, prog, ids)
	}
	p, err := plan.New(prog, opts)
	if err != nil {
		return nil, err
	}
	p.Findings = append(p.Findings, managed.Check(p)...)
	if linked != nil {
		linked.problems = linked.mismatched(prog, req.Dir)
	}
	return &analysis{plan: p, base: base, env: env, debugger: debugger, linked: linked, compiled: asked}, nil
}

// withModules adds packages, and what they import, to what is listed of a program
// with its tests, without their own tests.
func withModules(ctx context.Context, cfg *load.Config, listing *load.Listing, modules []string) (
	*load.Listing, error,
) {
	plain := *cfg
	plain.Tests, plain.Extra = false, nil
	own, err := load.List(ctx, &plain, modules)
	if err != nil {
		return nil, err
	}
	all := *listing
	all.Packages = slices.Clone(listing.Packages)
	for _, p := range own.Packages {
		if !slices.ContainsFunc(listing.Packages, func(l *load.Listed) bool { return l.ImportPath == p.ImportPath }) {
			all.Packages = append(all.Packages, p)
		}
	}
	return &all, nil
}

// findDebugger returns the import path of the package with the debug pages, if
// they are asked for: the module's, where the program can import it, since it
// then shows the program's sysctls too; else ours, in the standard library.
func findDebugger(ctx context.Context, req Request, env *workspace.Environment) (string, error) {
	if !req.Debug {
		return "", nil
	}
	cfg := &load.Config{Dir: req.Dir, Env: req.Env, Flags: loadFlags(env.User), Trace: req.Trace}
	if load.PackageDir(ctx, cfg, modDebug) != "" {
		return modDebug, nil
	}
	return goroot.DebugPath, nil
}

// Problems spells a plan's problems, with paths as seen from dir.
func Problems(p *plan.Plan, dir string) []string {
	var out []string
	spell := Speller(p.Prog, dir)
	for _, q := range p.Problems {
		q.Pos.Filename = spell(q.Pos.Filename)
		out = append(out, q.Pos.String()+": "+q.Message)
	}
	return out
}

// Rel spells a path as the go command prints it: relative to dir where that is shorter.
func Rel(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

// Speller returns a function that spells paths of a program's files as Rel does. The standard library's are spelled
// below $GOROOT, wherever that is.
func Speller(prog *load.Program, dir string) func(path string) string {
	std := map[string]string{} // folder -> import path
	for _, p := range prog.Packages {
		if p.Standard {
			std[p.Dir] = p.Path
		}
	}
	return func(file string) string {
		if pkg := std[filepath.Dir(file)]; pkg != "" {
			return path.Join("$GOROOT/src", pkg, filepath.Base(file))
		}
		return Rel(dir, file)
	}
}
