package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-vimage/vimage/cmd/vimagegen/internal/cli"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/vettool"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/internal/archives"
	"github.com/go-vimage/vimage/internal/testenv"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (strings.HasPrefix(os.Args[1], "internal-") || vettool.Called(os.Args[1:])) {
		os.Exit(cli.Main(os.Args[1:], manual)) // called back under the name of the test binary: no tests
	}
	testscript.Main(m, map[string]func(){
		"vimagegen": func() { os.Exit(cli.Main(os.Args[1:], manual)) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Files:               scripts(t),
		UpdateScripts:       archives.Updating(),
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Values[skipper{}] = env.T()
			cache, err := workspace.Root("", os.Environ())
			if err != nil {
				return err
			}
			tool, err := exec.LookPath("vimagegen") // testscript put it there
			if err != nil {
				return err
			}
			repo, err := filepath.Abs("../..")
			if err != nil {
				return err
			}
			env.Vars = append(env.Vars,
				"REPO="+repo, "OLDPATH="+env.Getenv("PATH"), "VIMAGEGEN="+tool, "VIMAGECACHE="+cache,
				"GOFLAGS=", "GOWORK=off", "GOENV=off", "GOTOOLCHAIN=local", "PWD="+env.WorkDir)
			for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY"} {
				out, err := exec.Command("go", "env", name).Output()
				if err != nil {
					return err
				}
				env.Vars = append(env.Vars, name+"="+strings.TrimSpace(string(out)))
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status": status, "need": need(&testenv.Machine{}), "short": short,
		},
	})
}

// scripts are all scripts, with -short those that have a line "short": the
// others build programs.
func scripts(t *testing.T) (files []string) {
	all, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		if !testing.Short() || archives.Read(t, file).Short() {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		t.Fatal("no scripts")
	}
	return files
}

// short is the command of the line that scripts looks for.
func short(*testscript.TestScript, bool, []string) {}

// skipper is the key of the script's testscript.T.
type skipper struct{}

// need skips the script on a machine that lacks what is named
// (internal/testenv).
func need(machine *testenv.Machine) func(ts *testscript.TestScript, neg bool, args []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		for _, what := range args {
			if err := machine.Lacks(what); err != nil {
				ts.Value(skipper{}).(testscript.T).Skip(err)
			}
		}
	}
}

// status runs a command, demands an exit status, and leaves the output in files
// named out and err, in which the working directory is written $WORK.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status n command [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), environ(ts)
	cmd.Path, err = exec.LookPath(args[1])
	ts.Check(err)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	work := ts.Getenv("WORK")
	for name, out := range map[string]*bytes.Buffer{"out": &stdout, "err": &stderr} {
		text := strings.ReplaceAll(out.String(), work, "$WORK")
		ts.Check(os.WriteFile(work+"/"+name, []byte(text), 0o666))
		ts.Logf("[%s]\n%s", name, text)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// environ returns the script's environment, as far as it matters to the go
// command.
func environ(ts *testscript.TestScript) []string {
	env := []string{"PWD=" + ts.MkAbs(".")}
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "WORK", "VIMAGECACHE", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOWORK",
		"GOENV", "GOTOOLCHAIN", "MARK", "VIMAGE_BASELINE", "VIMAGE_N", "VIMAGE_PREFIX",
	} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}

// TestInterrupt interrupts vimagegen alone, as a supervisor does: the program
// hears of it, and its end is waited for.
func TestInterrupt(t *testing.T) {
	bin, err := exec.LookPath("vimagegen") // testscript put it there
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.26\n", "main.go": `package main

import (
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	fmt.Println("ready")
	<-c
	time.Sleep(100 * time.Millisecond)
	fmt.Println("heard")
	os.Exit(3)
}
`} {
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(bin, "run", ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off", "PWD="+dir)
	out := &notifying{ready: make(chan bool, 1)}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		select {
		case <-out.ready:
			cmd.Process.Signal(syscall.SIGINT)
		case <-time.After(4 * time.Minute):
			cmd.Process.Kill()
		}
	}()
	err = cmd.Wait()
	got, want := out.text.String(), "ready\nheard\nexit status 3\n"
	if got != want || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("%v: got %q, want %q", err, got, want)
	}
}

// A notifying buffer tells when the first bytes come.
type notifying struct {
	text  bytes.Buffer
	ready chan bool
}

func (n *notifying) Write(p []byte) (int, error) {
	select {
	case n.ready <- true:
	default:
	}
	return n.text.Write(p)
}
