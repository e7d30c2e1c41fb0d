package hardcases

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/goproxytest"
	"golang.org/x/tools/txtar"

	"github.com/go-vimage/vimage/internal/archives"
	"github.com/go-vimage/vimage/internal/testenv"
)

var (
	slot      = flag.String("slot", "", "runtime `slot` to build with")
	vimagegen = flag.String("vimagegen", "", "the tool's `binary` (default: built from cmd/vimagegen)")
	patience  = flag.Duration("patience", 5*time.Minute, "how long one command may take")
	plainOnly = flag.Bool("plain", false, "run the plain side only")
	writes    = flag.String("writes", "", "run the plain side only, watch its variables, and write what they did to this `file`")
)

func TestHardCases(t *testing.T) {
	if err := boundMemory(6 << 30); err != nil {
		t.Fatal(err)
	}
	tool := *vimagegen
	if tool == "" && !*plainOnly {
		tool = filepath.Join(t.TempDir(), "vimagegen")
		if out, err := exec.Command("go", "build", "-o", tool, "../../cmd/vimagegen").CombinedOutput(); err != nil {
			t.Fatalf("building the tool: %v\n%s", err, out)
		}
	}
	proxy := []string{
		"GOPROXY=" + goproxytest.NewTestServer(t, "testdata/mod", "").URL, "GONOSUMDB=*",
		"GOMODCACHE=" + filepath.Join(t.TempDir(), "modcache"), "GOFLAGS=-buildvcs=false -modcacherw",
	}
	watcher := newWatcher(t)
	machine := &testenv.Machine{}
	// Subtests in parallel end before the parent's cleanup takes the tool away.
	archives.EachProgram(t, "testdata/*.txtar", func(t *testing.T, a *archives.Archive) {
		t.Parallel()
		c := &hardCase{
			T: t, file: a.Path, ar: a.Archive, tool: tool, proxy: proxy, root: t.TempDir(),
			machine: machine, watcher: watcher, watched: map[string]bool{},
		}
		c.script()
	})
}

// hardCase is one archive being run.
type hardCase struct {
	*testing.T
	file    string
	ar      *txtar.Archive
	tool    string
	proxy   []string          // the environment that knows testdata/mod
	root    string            // where the archive is unpacked
	dir     string            // where commands run
	env     []string          // for every command
	wrote   map[string][]byte // the files as they must still be at the end
	builds  int
	machine *testenv.Machine
	watcher *watcher // nil unless -writes
	watched map[string]bool
}

func (c *hardCase) script() {
	c.dir = c.root
	c.wrote = map[string][]byte{}
	// The module must not need what the archive does not hold.
	c.env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOENV=off", "GOFLAGS=-buildvcs=false")
	for _, f := range c.ar.Files {
		if filepath.Base(f.Name) == "go.work" {
			c.env = append(c.env, "GOWORK=") // the archive's, and none above the temporary folder
		}
		if f.Name != "stderr" && f.Name != "notes" {
			c.write(f.Name, f.Data)
		}
	}
	ran := false
	for line := range strings.Lines(string(c.ar.Comment)) {
		line = strings.TrimSpace(line)
		words := strings.Fields(line)
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		verb, rest := words[0], words[1:]
		switch verb {
		case "build", "modes", "run", "lines", "test", "cover", "refused", "library":
			ran = true
			if slices.Contains(rest, "-race") {
				c.machine.Need(c, "race")
			}
			c.Logf("> %s", line)
			if c.watcher != nil {
				c.watch(verb, rest)
				continue
			}
			map[string]func([]string){
				"build": c.build, "modes": c.modes, "run": c.run, "lines": c.lines, "test": c.test, "cover": c.cover, "refused": c.refused, "library": c.library,
			}[verb](rest)
		case "short": // see archives.EachProgram
		case "own":
			if c.watcher == nil {
				c.Logf("> %s", line)
				c.own(rest)
			}
		case "chdir":
			c.dir = filepath.Join(c.root, strings.TrimSpace(strings.TrimPrefix(line, verb)))
		case "env":
			c.env = append(c.env, rest...)
		case "crlf":
			c.write(rest[0], bytes.ReplaceAll(c.wrote[rest[0]], []byte("\n"), []byte("\r\n")))
		case "bom":
			c.write(rest[0], append([]byte("\xef\xbb\xbf"), c.wrote[rest[0]]...))
		case "noeol":
			c.write(rest[0], bytes.TrimSuffix(c.wrote[rest[0]], []byte("\n")))
		case "proxy":
			c.env = append(c.env, c.proxy...)
			if archives.Updating() {
				c.sum()
			}
		case "need":
			if slices.Contains(rest, "slot=g") {
				if rest = slices.DeleteFunc(rest, func(w string) bool { return w == "slot=g" }); *slot == "label" {
					c.Skip("the label slot refuses it")
				}
			}
			c.machine.Need(c, rest...)
		default:
			c.Fatalf("%s: unknown command %q", c.file, verb)
		}
	}
	if !ran {
		c.Fatalf("%s: the script runs nothing", c.file)
	}
	c.unchanged()
}
