// Package cli is the command line of vimagegen: verbs, flags, help and exits.
//
// Input: the program's arguments. Output: what it prints, and its exit status.
// Package gen computes the files that a build reads, package workspace hands
// them to the go command, and the go command builds, runs and tests.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/go-vimage/vimage/analyzers"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/vettool"
	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/buildinfo"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
	"github.com/go-vimage/vimage/gen/workspace/overlaycover"
	"github.com/go-vimage/vimage/gen/workspace/overlayembed"
	"github.com/go-vimage/vimage/internal/collect"
	"github.com/go-vimage/vimage/internal/nearest"
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

// An inputError is a file or a word of the user's that makes no sense, where
// the command line does.
type inputError struct{ error }

// A statusError ends the command with a status; what there is to say has been
// said.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// A tool is one run of vimagegen.
type tool struct {
	self string   // the path of vimagegen
	dir  string   // the working directory
	env  []string // the environment
	docs fs.FS    // the manual: the files doc*.go of the main package

	// id returns the hash of vimagegen's own file, which is read once.
	id func() (string, error)
}

// Main runs vimagegen and returns its exit status.
func Main(args []string, docs fs.FS) int {
	if len(args) > 0 {
		switch args[0] { // what the go command calls back
		case verbToolexec:
			return overlaycover.Main(args[1:])
		case verbEmbed:
			return overlayembed.Main(args[1:])
		case verbInfo:
			return buildinfo.Main(args[1:])
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
		collect.Seldom(collect.Spare)
	}
	t, err := newTool(docs)
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

func newTool(docs fs.FS) (*tool, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	id := sync.OnceValues(func() (string, error) {
		h := fingerprint.New()
		err := h.File(self)
		return h.String(), err
	})
	return &tool{self: self, dir: dir, env: os.Environ(), docs: docs, id: id}, nil
}

// A verb is a command. Its page of the manual has its summary.
type verb struct {
	name string
	run  func(ctx context.Context, args []string) error
}

// verbs has all verbs, in the order in which help lists them. A verb is its
// file, its page and its line here.
func (t *tool) verbs() []verb {
	drive := func(name string) verb {
		return verb{name, func(ctx context.Context, args []string) error { return t.drive(ctx, name, args) }}
	}
	return []verb{
		drive("build"),
		drive("run"),
		drive("test"),
		{"generate", t.committed},
		{"identity", t.identity},
		{"nm", t.nm},
		{"page", t.page},
		{"report", t.report},
		{"sysctl", t.sysctl},
		{"vet", t.vet},
		{"clean", t.clean},
		{"version", t.version},
		{"help", t.help},
	}
}

// verb returns the verb of a name.
func (t *tool) verb(name string) (v verb, ok bool) {
	i := slices.IndexFunc(t.verbs(), func(v verb) bool { return v.name == name })
	if i < 0 {
		return verb{}, false
	}
	return t.verbs()[i], true
}

func (t *tool) run(ctx context.Context, name string, args []string) error {
	switch name {
	case "":
		return usageError{"no verb given"}
	case "-h", "-help", "--help":
		name = "help"
	case "-version", "--version":
		name = "version"
	}
	v, ok := t.verb(name)
	if !ok {
		var names []string
		for _, v := range t.verbs() {
			names = append(names, v.name)
		}
		return usageError{fmt.Sprintf("unknown verb %q", name) + nearest.Hint(name, names)}
	}
	err := v.run(ctx, args)
	if errors.Is(err, goflags.ErrHelp) {
		return t.help(ctx, []string{name})
	}
	return err
}

func (t *tool) clean(_ context.Context, args []string) error {
	if err := none("clean", args); err != nil {
		return err
	}
	root, err := workspace.Root("", t.env)
	if err != nil {
		return err
	}
	return workspace.Clean(root)
}

func (t *tool) version(_ context.Context, args []string) error {
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
