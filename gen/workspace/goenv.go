package workspace

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// A goEnvironment is the part of go env that decides what a path is.
type goEnvironment struct {
	GOFLAGS, GOMOD, GOMODCACHE, GOROOT, GOWORK string
}

func goEnv(ctx context.Context, dir string, env []string) (*goEnvironment, error) {
	e := new(goEnvironment)
	if err := ReadGoEnv(ctx, dir, env, e); err != nil {
		return nil, err
	}
	if e.GOWORK == "off" {
		e.GOWORK = ""
	}
	return e, nil
}

// ReadGoEnv sets the fields of the struct that into points to, which are
// strings, to the values that go env gives their names in a folder. An error has
// what the go command said.
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

// sorted returns a map's keys in order: the same input always takes the same path.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func sortedMods[V any](m map[module.Version]V) []module.Version {
	keys := slices.Collect(maps.Keys(m))
	module.Sort(keys)
	return keys
}
