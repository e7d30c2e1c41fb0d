package packetdrill_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/examples/netstack/internal/packetdrill"
	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// run runs a script in a stack of its own, if builds have images.
func run(t *testing.T, path string, mode packetdrill.Mode) (err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := packetdrill.Parse(filepath.Base(path), string(text))
	if err != nil {
		return err
	}
	stacktest.Run(t, func() { err = packetdrill.Run(t, s, mode) })
	return err
}

// The scripts of this folder.
func TestScripts(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.pkt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".pkt"), func(t *testing.T) {
			err := run(t, path, packetdrill.Strict)
			if u := (packetdrill.Unsupported{}); errors.As(err, &u) && vimage.Available() != nil {
				t.Skip(err)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

var (
	public  = flag.String("packetdrill.scripts", "", "a `folder` with scripts of packetdrill's, gtests/net/tcp of its repository")
	verdict = flag.Bool("packetdrill.fail", false, "fail if a script of -packetdrill.scripts does")
)

// The scripts of others, in the folder that a flag names. The log is a table: the
// verdict, the script, and the reason.
func TestPublic(t *testing.T) {
	if *public == "" {
		t.Skip("no -packetdrill.scripts: a folder with packetdrill's scripts, which are not part of this repository")
	}
	count := map[string]int{}
	err := filepath.WalkDir(*public, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".pkt" {
			return err
		}
		name, _ := filepath.Rel(*public, path)
		result, reason := "passed", ""
		switch err, u := run(t, path, packetdrill.Lenient), (packetdrill.Unsupported{}); {
		case errors.As(err, &u):
			result, reason = "not applicable", u.What
		case err != nil:
			result, reason = "failed", err.Error()
			if *verdict {
				t.Errorf("%s: %v", name, err)
			}
		}
		count[result]++
		t.Logf("| %s | %s | %s |", result, name, reason)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(count)
}
