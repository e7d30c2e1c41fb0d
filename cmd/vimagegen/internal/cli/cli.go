// Package cli is the command line of vimagegen: verbs, flags, help and exits. What comes in are the
// program's arguments, what goes out is its exit status. The work is done by package gen, which says
// what a build shall see, by package workspace, which makes the go command see it, and by the go
// command.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/go-vimage/vimage/analyzers"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/vettool"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
	"github.com/go-vimage/vimage/gen/workspace/overlaycover"
)

// The exit statuses.
const (
	exitOK      = 0
	exitFailed  = 1 // the program, its build or its tests
	exitUsage   = 2
	exitRefused = 3
	exitFault   = 4 // ours
)

// A usageError is a command line that makes no sense.
type usageError struct{ msg string }

func (e usageError) Error() string { return e.msg }

// An inputError is a file or a word of the user's that makes no sense, where the command line does.
type inputError struct{ error }

// A statusError ends the command with a status; what there is to say has been said.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// A tool is one run of vimagegen.
type tool struct {
	self string   // the path of vimagegen
	dir  string   // the working directory
	env  []string // the environment
	doc  string   // the manual: the source of the main package's doc.go
}

// Main runs vimagegen and returns its exit status.
func Main(args []string, doc string) int {
	if len(args) > 0 {
		switch args[0] { // what the go command calls back
		case verbToolexec:
			return overlaycover.Main(args[1:])
		case verbExec:
			return execMain(args[1:])
		case verbHome:
			return homeMain(args[1:])
		case verbNothing:
			return exitOK
		}
	}
	if vettool.Called(args) {
		return vettool.Main(args, analyzers.All())
	}
	verb := ""
	if len(args) > 0 {
		verb, args = args[0], args[1:]
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50) // planning a large program keeps gigabytes to the end: twice that would be too much
	}
	t, err := newTool(doc)
	if err == nil {
		err = t.run(context.Background(), verb, args)
	}
	var status statusError
	var usage usageError
	var input inputError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	case errors.As(err, &usage):
		fmt.Fprintf(os.Stderr, "vimagegen: %s\n%s\n", usage.msg, t.hint(verb))
		return exitUsage
	case errors.As(err, &input):
		fmt.Fprintf(os.Stderr, "vimagegen: %v\n", input.error)
		return exitUsage
	}
	fmt.Fprintf(os.Stderr, "vimagegen: %v\n", err)
	return exitFault
}

func newTool(doc string) (*tool, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	return &tool{self: self, dir: dir, env: os.Environ(), doc: doc}, nil
}

func (t *tool) run(ctx context.Context, verb string, args []string) error {
	var err error
	switch verb {
	case "build", "run", "test":
		err = t.drive(ctx, verb, args)
	case "collisions":
		err = t.collisions(ctx, args)
	case "identity":
		err = t.identity(ctx, args)
	case "nm":
		err = t.nm(ctx, args)
	case "report":
		err = t.report(ctx, args)
	case "sysctl":
		err = t.sysctl(ctx, args)
	case "vet":
		err = t.vet(ctx, args)
	case "clean":
		err = t.clean(args)
	case "version":
		err = t.version(args)
	case "help", "-h", "-help", "--help":
		return t.help(args)
	case "":
		return usageError{"no verb given"}
	default:
		return usageError{"unknown verb " + verb}
	}
	if errors.Is(err, goflags.ErrHelp) {
		return t.help([]string{verb})
	}
	return err
}

func (t *tool) clean(args []string) error {
	if err := none("clean", args); err != nil {
		return err
	}
	root, err := workspace.Root("", t.env)
	if err != nil {
		return err
	}
	return workspace.Clean(root)
}

func (t *tool) version(args []string) error {
	if err := none("version", args); err != nil {
		return err
	}
	version := "(unknown)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	fmt.Printf("vimagegen version %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// none is for verbs without arguments.
func none(verb string, args []string) error {
	if len(args) == 0 {
		return nil
	}
	switch args[0] {
	case "-h", "-help", "--help":
		return goflags.ErrHelp
	}
	return usageError{verb + " takes no arguments"}
}

func absFrom(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}
