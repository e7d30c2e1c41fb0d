package crossing

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// An effect is a function that changes what the process has one of.
type effect struct {
	what   string // changes what
	advice string
	query  bool // a call with a constant argument below 1 only asks
	none   bool // undoes what another did, or takes back: no finding
}

const (
	settle  = "settle it before images are made, or in image 0 alone"
	handOn  = "let one place, image 0 for instance, take the signals and hand them on"
	cmdEnv  = "pass what an image is to have by its own state, and to commands by exec.Cmd.Env"
	cmdDir  = "use paths that do not depend on it, os.Root, or exec.Cmd.Dir"
	oneTime = "start it once, from image 0"
)

// processWide returns what a function does to the process. These functions act through the operating system
// or the runtime, so that no source says it; hence these tables.
func processWide(fn *ssa.Function) *effect {
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Pkg() == nil {
		return nil
	}
	table := map[string]effect{
		"os.Setenv":     {what: "the process's environment", advice: cmdEnv},
		"os.Unsetenv":   {what: "the process's environment", advice: cmdEnv},
		"os.Clearenv":   {what: "the process's environment", advice: cmdEnv},
		"os.Chdir":      {what: "the process's working directory", advice: cmdDir},
		"os.File.Chdir": {what: "the process's working directory", advice: cmdDir},

		"syscall.Setenv":   {what: "the process's environment", advice: cmdEnv},
		"syscall.Unsetenv": {what: "the process's environment", advice: cmdEnv},
		"syscall.Clearenv": {what: "the process's environment", advice: cmdEnv},

		"os/signal.Notify":        {what: "what the process does on a signal, and every image that asks is told of each", advice: handOn},
		"os/signal.NotifyContext": {what: "what the process does on a signal, and every image that asks is told of each", advice: handOn},
		"os/signal.Ignore":        {what: "what the process does on a signal", advice: handOn},
		"os/signal.Reset":         {what: "what the process does on a signal, for all images", advice: handOn},
		"os/signal.Stop":          {none: true},

		"runtime.GOMAXPROCS":              {what: "how many CPUs the process uses", advice: settle, query: true},
		"runtime.SetBlockProfileRate":     {what: "the process's profiling", advice: settle},
		"runtime.SetMutexProfileFraction": {what: "the process's profiling", advice: settle, query: true},
		"runtime.SetCPUProfileRate":       {what: "the process's profiling", advice: settle},
		"runtime/pprof.StartCPUProfile":   {what: "the process's profiling, and a second start fails", advice: oneTime},
		"runtime/trace.Start":             {what: "the process's tracing, and a second start fails", advice: oneTime},
		"runtime/debug.SetGCPercent":      {what: "the process's garbage collection", advice: settle},
		"runtime/debug.SetMemoryLimit":    {what: "the process's memory limit", advice: settle, query: true},
		"runtime/debug.SetMaxStack":       {what: "the process's stack limit", advice: settle},
		"runtime/debug.SetMaxThreads":     {what: "the process's thread limit", advice: settle},
		"runtime/debug.SetTraceback":      {what: "how the process prints tracebacks", advice: settle},
		"runtime/debug.SetCrashOutput":    {what: "where the process's crashes are printed", advice: settle},
	}
	// The same names in package syscall and in golang.org/x/sys.
	system := map[string]effect{
		"Chdir":       {what: "the process's working directory", advice: cmdDir},
		"Fchdir":      {what: "the process's working directory", advice: cmdDir},
		"Chroot":      {what: "the process's root directory", advice: settle},
		"PivotRoot":   {what: "the process's root directory", advice: settle},
		"Umask":       {what: "the process's file mode mask", advice: settle},
		"Setrlimit":   {what: "the process's limits", advice: settle},
		"Setpriority": {what: "the process's priority", advice: settle},
		"Setuid":      {what: "the process's user", advice: settle},
		"Setgid":      {what: "the process's group", advice: settle},
		"Seteuid":     {what: "the process's user", advice: settle},
		"Setegid":     {what: "the process's group", advice: settle},
		"Setreuid":    {what: "the process's user", advice: settle},
		"Setregid":    {what: "the process's group", advice: settle},
		"Setresuid":   {what: "the process's user", advice: settle},
		"Setresgid":   {what: "the process's group", advice: settle},
		"Setgroups":   {what: "the process's groups", advice: settle},
		"Setsid":      {what: "the process's session", advice: settle},
		"Setpgid":     {what: "the process's group of processes", advice: settle},
		"Setenv":      {what: "the process's environment", advice: cmdEnv},
		"Unsetenv":    {what: "the process's environment", advice: cmdEnv},
		"Clearenv":    {what: "the process's environment", advice: cmdEnv},
		"Mlockall":    {what: "the process's memory", advice: settle},
	}
	name := strings.NewReplacer("(*", "", ")", "", "(", "").Replace(obj.FullName())
	if e, ok := table[name]; ok {
		return &e
	}
	switch obj.Pkg().Path() {
	case "syscall", "golang.org/x/sys/unix", "golang.org/x/sys/windows":
		if e, ok := system[obj.Name()]; ok && obj.Signature().Recv() == nil {
			return &e
		}
	}
	return nil
}

// process reports a call that changes the process.
func (c *checker) process(fn, callee *ssa.Function, in ssa.CallInstruction) {
	e := processWide(callee)
	if e == nil || e.none || c.InTest(in.Pos()) {
		return
	}
	if e.query && below1(in.Common().Args) {
		return
	}
	c.report(ruleProcess, callee.RelString(nil), in.Pos(), "%s changes %s, in every build: %s", short(callee.RelString(nil)), e.what, e.advice)
}

func below1(args []ssa.Value) bool {
	if len(args) == 0 {
		return false
	}
	k, ok := args[0].(*ssa.Const)
	return ok && k.Value != nil && constant.Compare(k.Value, token.LSS, constant.MakeInt64(1))
}

// stdVariable reports an assignment to a variable of the standard library.
func (c *checker) stdVariable(fn *ssa.Function, in *ssa.Store) {
	g := c.StdVariable(in)
	if g == nil || c.InTest(in.Pos()) {
		return
	}
	name := g.Pkg.Pkg.Path() + "." + g.Name()
	if builds(name) == committed {
		c.report(ruleStd, name, in.Pos(), "%s is assigned, which in a committed build is one for all images (in a vimagegen build each has its own): pass the value where it is used", short(name))
	} else {
		c.report(ruleStd, name, in.Pos(), "%s is assigned, which is one for all images in every build: pass the value where it is used, or assign it in image 0 before others are made", short(name))
	}
}
