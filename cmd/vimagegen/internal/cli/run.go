package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// The verbs by which the go command calls vimagegen back.
const (
	verbToolexec = "internal-toolexec" // as -toolexec: package overlaycover
	verbEmbed    = "internal-embed"    // as -toolexec: package overlayembed
	verbInfo     = "internal-info"     // as -toolexec: package buildinfo
	verbExec     = "internal-exec"     // as -exec of go run: execMain
	verbHome     = "internal-home"     // as -exec of go test: homeMain
	verbNothing  = "internal-nothing"  // as -exec of go test: runs nothing
)

// A launch is what go run's -exec command is told, in a file: the go command
// caches the programs that go run links, so it and not we must run them.
type launch struct {
	Env     []string // of the program, in addition to its environment; those without a value go
	Before  int      // words of the command line before the program's name: the user's -exec
	Flags   []string // that come behind the program's name
	Turn    string   // see takeTurn; "" if no progress is shown
	Started string   // a file to write the program's process number into
}

// goRun runs go run, which reports the program's status by itself.
func (t *tool) goRun(ctx context.Context, c *command, w *workspace.Workspace, prog *progress) error {
	with, err := t.execFlag(ctx, c)
	if err != nil {
		return err
	}
	l := launch{Before: len(with), Flags: c.launch.flags, Started: filepath.Join(w.Dir, "started")}
	for name := range launchOwn() { // the flags say it
		l.Env = append(l.Env, launchVariable(name)+"=")
	}
	slices.Sort(l.Env)
	if prog.out != nil {
		l.Turn = filepath.Join(w.Dir, "turn")
		l.Env = append(l.Env, "GOTMPDIR="+lookup(t.env, "GOTMPDIR"))
	}
	for _, kv := range w.Env[len(t.env):] { // the program's environment is the user's
		name, _, _ := strings.Cut(kv, "=")
		l.Env = append(l.Env, name+"="+lookup(t.env, name))
	}
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	file := filepath.Join(w.Dir, "launch.json")
	if err := os.WriteFile(file, data, 0o666); err != nil {
		return err
	}
	value, err := goflags.Join(slices.Concat([]string{t.self, verbExec, file}, with))
	if err != nil {
		return err
	}
	cmd := t.goCommand(c, w, append(c.setString(deferStart), "-exec="+value)...)
	prog.build(t.countable(ctx, c, w, cmd, prog), l.Turn)
	err = runCommand(cmd, func() *os.Process { return startedProcess(l.Started) })
	prog.stop()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && startedProcess(l.Started) != nil {
		return statusError(exitFailed)
	}
	return t.blame(ctx, c, err)
}

// execFlag returns the words of the user's -exec. Without one the go command
// looks for a program of a certain name when it builds for another platform.
func (t *tool) execFlag(ctx context.Context, c *command) ([]string, error) {
	if v, ok := slices.Concat(c.goflags, c.line).Last("exec"); ok && v != "" {
		return goflags.Split(v)
	}
	target, err := t.goEnv(ctx, c.dir, "GOOS", "GOARCH")
	if err != nil {
		return nil, err
	}
	goos, goarch, _ := strings.Cut(target, "\n")
	if goos == runtime.GOOS && goarch == runtime.GOARCH {
		return nil, nil
	}
	path, err := exec.LookPath(fmt.Sprintf("go_%s_%s_exec", goos, goarch))
	if err != nil {
		return nil, nil
	}
	return []string{path}, nil
}

// execMain is the other side: it runs the program that go run built.
func execMain(args []string) int {
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, "vimagegen:", err)
		return exitFault
	}
	if len(args) < 2 {
		return fail(errors.New(verbExec + " is for the go command"))
	}
	data, err := os.ReadFile(args[0])
	if err != nil {
		return fail(err)
	}
	var l launch
	if err := json.Unmarshal(data, &l); err != nil {
		return fail(err)
	}
	for _, kv := range l.Env {
		name, value, _ := strings.Cut(kv, "=")
		if value == "" {
			os.Unsetenv(name)
		} else {
			os.Setenv(name, value)
		}
	}
	if len(args) < l.Before+2 {
		return fail(errors.New(verbExec + ": no program is named"))
	}
	if l.Turn != "" && takeTurn(l.Turn, time.Second) {
		fmt.Fprint(os.Stderr, eraseLine)
	}
	args = slices.Insert(args[1:], l.Before+1, l.Flags...)
	status, err := execProgram(args, func(pid int) error {
		return os.WriteFile(l.Started, strconv.AppendInt(nil, int64(pid), 10), 0o666)
	})
	if err != nil {
		return fail(err)
	}
	return status
}

// startedProcess returns the program's process, if it has been started.
func startedProcess(file string) *os.Process {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	pid, err := strconv.Atoi(string(data))
	if err != nil {
		return nil
	}
	p, _ := os.FindProcess(pid)
	return p
}

func lookup(env []string, name string) string {
	for _, kv := range slices.Backward(env) {
		if k, v, _ := strings.Cut(kv, "="); k == name {
			return v
		}
	}
	return ""
}
