package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/listings"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/rewrite"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// deferStart tells the program's start-up not to run its packages'
// initialisation in image 0.
const deferStart = "-X=runtime.vnetMode=defer"

// drive does build, run and test: what shall the go command see, make it see
// that, run it.
func (t *tool) drive(ctx context.Context, verb string, args []string) error {
	c, err := parseCommand(verb, t.dir, t.env, args)
	if err != nil {
		return err
	}
	if err := t.enter(ctx, c); err != nil {
		return err
	}
	if c.mode != plain {
		c.untag()
	}
	prog := startProgress(os.Stderr, c.quiet())
	defer prog.stop()
	if c.mode == plain {
		return t.goBuild(ctx, c, &workspace.Workspace{Go: "go", Env: t.env}, prog)
	}
	m, kept, err := t.generate(ctx, c, prog)
	if err != nil {
		return err
	}
	defer kept()
	for _, line := range m.Lines {
		fmt.Fprintln(os.Stderr, line)
	}
	c.name(m.Named)
	c.vet, c.embeds = m.Vet, m.Embeds
	if c.apart.on {
		c.apart.learn(m, t.env)
	}
	prog.step("preparing the build")
	w, err := workspace.Open(ctx, workspace.Config{
		Dir: c.dir, Env: t.env, Flags: c.line.Only(goflags.Flag).Strings(), Files: m.Files,
		Toolexec: []string{t.self, verbToolexec}, Embedexec: t.embedexec(c),
		Infoexec: []string{t.self, verbInfo},
	})
	if err != nil {
		return err
	}
	if c.flag("work") {
		fmt.Fprintf(os.Stderr, "WORK=%s\n", w.Dir)
	} else {
		defer w.Close()
	}
	switch verb {
	case "run":
		return t.goRun(ctx, c, w, prog)
	case "test":
		return t.goTest(ctx, c, w, prog)
	}
	return t.goBuild(ctx, c, w, prog)
}

// embedexec is the command that a workspace needs for a program that embeds Go
// files, else nil. All go commands that compile the same files need it, since
// they share a cache.
func (t *tool) embedexec(c *command) []string {
	if !c.embeds {
		return nil
	}
	return []string{t.self, verbEmbed}
}

// enter goes where the command line says, and reads GOFLAGS there.
func (t *tool) enter(ctx context.Context, c *command) error {
	if info, err := os.Stat(c.dir); err != nil || !info.IsDir() {
		return usageError{fmt.Sprintf("-C %s: no such directory", c.dir)}
	}
	t.env = append(slices.Clip(t.env), "PWD="+c.dir)
	value, err := t.goEnv(ctx, c.dir, "GOFLAGS")
	if err != nil {
		return err
	}
	c.goflags = goflags.Env(value)
	return nil
}

// generate returns what the go command needs. Kept waits until that is in the
// cache; it is to be called at the end.
func (t *tool) generate(ctx context.Context, c *command, prog *progress) (m *made, kept func(), err error) {
	req := gen.Request{
		Dir: c.dir, Env: t.env, Flags: c.loading(), Patterns: c.packages(),
		Modules: c.modules, Loadable: c.loads,
		Tests: c.verb == "test", Launch: c.verb == "run" || c.starts, Debug: c.launch.debug,
		Slot: c.slot, Build: c.mode,
		Check: c.check, Diff: c.diff, Strict: c.strict, Apart: c.apart.on, Cover: c.covers(), Verdicts: t.verdicts(c),
		Progress: prog.step, Count: prog.count, Trace: func(args []string) { t.trace(c, args) },
	}
	kept = func() {}
	memory := t.newRecall(c)
	if memory != nil {
		req.Known, req.Listings = memory.known, listings.New(listingStore{memory})
	}
	res, err := gen.Generate(ctx, req)
	prog.stop()
	if errors.Is(err, gen.ErrKnown) {
		t.note(c, memory.made.note(c.dir))
		return memory.made, kept, nil
	}
	t.note(c, memory.anew(c.dir))
	if err != nil {
		// Most often it is the program that does not compile, and the go
		// command says that best.
		if out, perr := t.plain(ctx, c); perr != nil {
			os.Stderr.Write(out)
			return nil, nil, statusError(exitFailed)
		}
		return nil, nil, err
	}
	if m, err = t.judge(ctx, c, res); err != nil {
		return nil, nil, err
	}
	if memory != nil && len(res.Broken) == 0 {
		req.Trace = nil
		what := memory.keeping(m, res)
		done := make(chan struct{})
		go func() {
			defer close(done)
			memory.keep(ctx, req, what)
		}()
		kept = func() { <-done }
	}
	return m, kept, nil
}

// judge reports what forbids the build, and returns what it needs.
func (t *tool) judge(ctx context.Context, c *command, res *gen.Result) (*made, error) {
	if len(res.Problems) > 0 {
		return nil, t.problems(res.Problems)
	}
	if c.stats != "" {
		data, err := json.MarshalIndent(res.Plan.Stats(), "", "\t")
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(c.stats, append(data, '\n'), 0o666); err != nil {
			return nil, err
		}
	}
	refused, lines := res.Refused, []string(nil)
	if makes := c.verb == "build" && res.Plan.MakesImages; c.several() || makes && c.mode == rewrite.Vimage {
		var more []gen.Refusal
		more, lines = gen.Contended(res.Plan, c.dir, c.several())
		refused = append(refused, more...)
	}
	if len(refused) > 0 {
		for _, r := range refused {
			fmt.Fprintln(os.Stderr, r)
		}
		return nil, statusError(exitRefused)
	}
	if len(lines) > 0 {
		lines = append(lines, "vimagegen: see 'vimagegen help process' for what images share of their process")
	}
	if c.mode == rewrite.Vimage && (c.verb == "build" || c.several()) {
		if line := gen.Unfollowed(res.Plan, c.dir); line != "" {
			lines = append(lines, line)
		}
	}
	if res.Note != "" && c.mode == rewrite.Vimage {
		lines = append(lines, "vimagegen: "+res.Note)
	}
	if c.several() {
		for _, e := range res.Plan.Exports() {
			lines = append(lines, exportNote(e, c.dir))
		}
	}
	if err := t.checkBroken(ctx, c, res.Broken); err != nil {
		return nil, err
	}
	if c.starts && !slices.ContainsFunc(res.Plan.Prog.Roots, func(p *load.Package) bool { return p.Name == "main" }) {
		return nil, usageError{"build -launch: none of the packages is a program"}
	}
	m := &made{Files: res.Files, Named: res.Named, Vet: res.Vet, Embeds: res.Embeds, Watch: res.Separate, Lines: lines}
	if c.apart.on {
		m.Reasons = reasons(res.Plan)
	}
	for _, path := range slices.Sorted(maps.Keys(m.Files)) {
		if m.Files[path] == nil {
			m.Deleted = append(m.Deleted, path)
		}
	}
	return m, nil
}

// exportNote says what happens when C calls an exported function on a thread of
// its own.
func exportNote(e plan.Export, dir string) string {
	e.Pos.Filename, e.Use.Pos.Filename = gen.Rel(dir, e.Pos.Filename), gen.Rel(dir, e.Use.Pos.Filename)
	return fmt.Sprintf("%s: note: C may call %s, which uses the virtual variable %s (%s:%d):"+
		" on a thread that C created it panics, since no image is current there;"+
		" vimage.Bind gives it one (vimagegen help process)",
		e.Pos, e.Name, e.Var.Name, e.Use.Pos.Filename, e.Use.Pos.Line)
}

// problems prints what the user said that makes no sense.
func (t *tool) problems(lines []string) error {
	for _, line := range lines {
		fmt.Fprintln(os.Stderr, line)
	}
	return statusError(exitUsage)
}

// goCommand returns the go command for a view, with the user's flags as far as
// ours do not stand for them. Ours come first because after a test's packages
// they might be taken for the test's.
func (t *tool) goCommand(c *command, w *workspace.Workspace, ours ...string) *exec.Cmd {
	ours = slices.Concat(w.Flags, ours)
	line := c.line
	for _, flag := range ours {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		line = line.Without(name)
	}
	cmd := exec.Command(w.Go, slices.Concat([]string{c.verb}, ours, line.Strings())...)
	cmd.Dir, cmd.Env = c.dir, w.Env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	t.trace(c, cmd.Args)
	return cmd
}

// countable has a go command keep its work folders where the progress can count
// them, and returns that folder; "" if nothing is shown, or the user chose one.
func (t *tool) countable(
	ctx context.Context, c *command, w *workspace.Workspace, cmd *exec.Cmd, prog *progress,
) string {
	if prog.out == nil || w.Dir == "" {
		return ""
	}
	if v, err := t.goEnv(ctx, c.dir, "GOTMPDIR"); err != nil || v != "" {
		return ""
	}
	cmd.Env = append(slices.Clip(cmd.Env), "GOTMPDIR="+w.Dir)
	return w.Dir
}

func (t *tool) goBuild(ctx context.Context, c *command, w *workspace.Workspace, prog *progress) error {
	var ours []string
	if c.starts {
		ours = c.setString(deferStart)
	}
	cmd := t.goCommand(c, w, ours...)
	cmd.Stderr = prog.before(os.Stderr)
	prog.build(t.countable(ctx, c, w, cmd, prog), "")
	err := runCommand(cmd, nil)
	prog.stop()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 1 {
		again := t.goCommand(c, w, append(ours, "-o="+os.DevNull)...)
		again.Stdout, again.Stderr = nil, nil
		if again.Run() == nil {
			return statusError(exitFailed) // only the place to write to was wrong
		}
	}
	return t.blame(ctx, c, err)
}

// blame returns the error for what the go command returned. A build that fails
// fails plain too, or the fault is ours.
func (t *tool) blame(ctx context.Context, c *command, err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errInterrupted):
		return statusError(exitFailed)
	case !errors.As(err, &exit):
		return err
	case exit.ExitCode() == 2: // the go command's status for bad usage
		return statusError(exitUsage)
	}
	if _, perr := t.plain(ctx, c); perr != nil {
		return statusError(exitFailed)
	}
	return errors.New("the go command builds the program as it is, but not with images: a fault of vimagegen")
}

// plain does, without images, what the command line asks for, short of running
// a program or a test, and throws it away; it builds the modules too, which the
// program need not import. It returns the go command's output.
func (t *tool) plain(ctx context.Context, c *command) ([]byte, error) {
	nothing, err := goflags.Join([]string{t.self, verbNothing})
	if err != nil {
		return nil, err
	}
	args := []string{c.verb, "-exec=" + nothing}
	if c.verb == "build" {
		args = []string{"build", "-o", os.DevNull}
	}
	if vet, ok := c.line.Last("vet"); ok {
		args = append(args, "-vet="+vet)
	}
	out, err := t.plainOutput(ctx, c, args, c.packages())
	if err == nil && len(c.modules) > 0 {
		out, err = t.plainOutput(ctx, c, []string{"build", "-o", os.DevNull}, c.modules)
	}
	return out, err
}

func (t *tool) plainOutput(ctx context.Context, c *command, args, packages []string) ([]byte, error) {
	cmd, done := t.plainCommand(ctx, c, args, packages)
	defer done()
	return cmd.CombinedOutput()
}

// plainCommand returns a go command that sees the program as it is. What it
// would write into go.mod, go.sum or go.work.sum goes into copies, which done
// removes.
func (t *tool) plainCommand(ctx context.Context, c *command, args, packages []string) (cmd *exec.Cmd, done func()) {
	w, err := workspace.Open(ctx, workspace.Config{Dir: c.dir, Env: t.env, Flags: c.line.Only(goflags.Flag).Strings()})
	if err != nil { // the user's files are in disorder, of which the go command tells
		w = &workspace.Workspace{Go: "go", Env: t.env}
	}
	cmd = exec.CommandContext(ctx, w.Go, slices.Concat(args, c.loading(), w.Flags, packages)...)
	cmd.Dir, cmd.Env = c.dir, w.Env
	t.trace(c, cmd.Args)
	return cmd, func() {
		if err == nil {
			w.Close()
		}
	}
}

// note prints a line, if there is one, and -x is given.
func (t *tool) note(c *command, line string) {
	if line != "" && c.flag("x") {
		fmt.Fprintln(os.Stderr, line)
	}
}

// trace prints a go command if -x is given.
func (t *tool) trace(c *command, args []string) {
	if !c.flag("x") {
		return
	}
	for i, arg := range args {
		if quoted, err := goflags.Join([]string{arg}); err == nil {
			args = slices.Clone(args)
			args[i] = quoted
		}
	}
	fmt.Fprintf(os.Stderr, "cd %s\n%s\n", c.dir, strings.Join(args, " "))
}

func (t *tool) goEnv(ctx context.Context, dir string, names ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"env"}, names...)...)
	cmd.Dir, cmd.Env = dir, t.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go env: %s", cmp.Or(strings.TrimSpace(stderr.String()), err.Error()))
	}
	return strings.TrimSpace(string(out)), nil
}
