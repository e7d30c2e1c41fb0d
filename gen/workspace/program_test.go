package workspace_test

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/overlaycover"
	"github.com/go-vimage/vimage/internal/testenv"

	"golang.org/x/tools/txtar"
)

// The test binary also serves as the -toolexec command.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "toolexec" {
		os.Exit(overlaycover.Main(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// A program is a temporary tree of the user's, and what is to be seen in it.
type program struct {
	t     *testing.T
	dir   string
	cache string
	env   []string
	files map[string][]byte
}

// newProgram writes a txtar archive into a folder whose name has a space. Files
// of other modules are to be replaced by those below want/ of the archive:
// want/cache/ stands for the module cache, want/goroot/ for GOROOT, want/ for
// the folder.
func newProgram(t *testing.T, archive string, env ...string) *program {
	t.Helper()
	if strings.Contains(archive, "import \"C\"") {
		new(testenv.Machine).Need(t, "cgo")
	}
	p := &program{t: t, dir: filepath.Join(t.TempDir(), "a b"), cache: sharedCache(t), files: map[string][]byte{}}
	work := "GOWORK=off"
	if strings.Contains(archive, "-- go.work --\n") {
		work = "GOWORK="
	}
	p.env = append(os.Environ(), "GOFLAGS=-mod=readonly", work, "PWD="+p.dir, "GOCOVERDIR="+t.TempDir())
	p.env = append(p.env, env...)
	dirs := p.goenv("GOMODCACHE", "GOROOT")
	download := false
	for _, f := range txtar.Parse([]byte(archive)).Files {
		to := filepath.Join(p.dir, f.Name)
		if name, ok := strings.CutPrefix(f.Name, "want/"); ok {
			switch first, rest, _ := strings.Cut(name, "/"); first {
			case "cache":
				to = filepath.Join(dirs[0], rest)
			case "goroot":
				to = filepath.Join(dirs[1], rest)
			default:
				to = filepath.Join(p.dir, name)
			}
			p.files[to] = f.Data
			continue
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
		download = download || filepath.Base(to) == "go.sum"
	}
	if download {
		if out, err := p.plain("mod", "download"); err != nil {
			t.Fatal(out)
		}
	}
	return p
}

// sharedCache is one for the package: its entries are made once, as in life.
func sharedCache(t *testing.T) string {
	dir := filepath.Join(os.TempDir(), "vimage-workspace-test")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (p *program) goenv(names ...string) []string {
	p.t.Helper()
	cmd := exec.Command("go", append([]string{"env"}, names...)...)
	cmd.Env = p.env
	out, err := cmd.Output()
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

func (p *program) open(flags ...string) *workspace.Workspace {
	p.t.Helper()
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	w, err := workspace.Open(context.Background(), workspace.Config{
		Dir: p.dir, Env: p.env, Flags: flags, Files: p.files, Toolexec: []string{self, "toolexec"}, Cache: p.cache,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { w.Close() })
	return w
}

// plain runs the go command without a workspace.
func (p *program) plain(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// run runs the go command in a workspace, and demands that it leaves the user's
// tree alone.
func (p *program) run(flags []string, verb string, args ...string) (string, error) {
	p.t.Helper()
	before := snapshot(p.t, p.dir)
	w := p.open(flags...)
	cmd := exec.Command(w.Go, slices.Concat([]string{verb}, flags, w.Flags, args)...)
	cmd.Dir, cmd.Env = p.dir, w.Env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if after := snapshot(p.t, p.dir); !maps.Equal(before, after) {
		p.t.Errorf("the user's tree has changed")
	}
	return out.String(), err
}

func (p *program) want(wantOut string, flags []string, verb string, args ...string) {
	p.t.Helper()
	out, err := p.run(flags, verb, args...)
	if err != nil || out != wantOut {
		p.t.Errorf("go %s %q: %v\ngot:\n%swant:\n%s", verb, flags, err, out, wantOut)
	}
}

// snapshot returns the files below a folder with their contents and modes.
func snapshot(t *testing.T, dir string) map[string]string {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		files[path] = info.Mode().String() + string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
