package workspace

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// An Environment is what decides, besides the program's files, which program a
// go command sees. It is read once, and handed to all who need it.
type Environment struct {
	GoEnv
	User    goflags.Line // the words of GOFLAGS, then the user's flags
	Overlay Overlay      // of the user's -overlay
}

// GoEnv has values of go env. GOWORK is "" if it is off.
type GoEnv struct {
	GOROOT, GOOS, GOARCH, GOVERSION, GOFLAGS, GOMOD, GOMODCACHE, GOWORK, GOENV string
}

// Read reads the environment of a go command with flags in a folder.
func Read(ctx context.Context, dir string, env, flags []string) (*Environment, error) {
	e := new(Environment)
	if err := ReadGoEnv(ctx, dir, env, &e.GoEnv); err != nil {
		return nil, err
	}
	if e.GOWORK == "off" {
		e.GOWORK = ""
	}
	e.User = append(goflags.Env(e.GOFLAGS), goflags.Words(flags)...)
	file, _ := e.User.Last("overlay")
	var err error
	e.Overlay, err = ReadOverlay(dir, file)
	return e, err
}

// MainRoot is the folder of go.work, or else of the main module.
func (e *GoEnv) MainRoot() string {
	if e.GOWORK != "" {
		return filepath.Dir(e.GOWORK)
	}
	return filepath.Dir(e.GOMOD)
}

// ReadGoEnv sets the fields of the struct that into points to, which are
// strings, to the values that go env gives their names in a folder. An error
// has what the go command said.
func ReadGoEnv(ctx context.Context, dir string, env []string, into any) error {
	args := []string{"env", "-json"}
	for f := range reflect.TypeOf(into).Elem().Fields() {
		args = append(args, f.Name)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s", strings.TrimSpace(stderr.String()+"\ngo env: "+err.Error()))
	}
	return json.Unmarshal(out, into)
}

func lookupEnv(env []string, name string) string {
	for _, kv := range slices.Backward(env) {
		if k, v, _ := strings.Cut(kv, "="); k == name {
			return v
		}
	}
	return ""
}

// sorted returns a map's keys in order: the same input always takes the same
// path.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func sortedMods[V any](m map[module.Version]V) []module.Version {
	keys := slices.Collect(maps.Keys(m))
	module.Sort(keys)
	return keys
}
