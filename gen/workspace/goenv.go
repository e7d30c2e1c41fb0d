package workspace

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// A goEnvironment is the part of go env that decides what a path is.
type goEnvironment struct {
	GOFLAGS, GOMOD, GOMODCACHE, GOROOT, GOWORK string
}

func goEnv(ctx context.Context, dir string, env []string) (*goEnvironment, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOFLAGS", "GOMOD", "GOMODCACHE", "GOROOT", "GOWORK")
	cmd.Dir, cmd.Env = dir, env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w\n%s", err, stderr.Bytes())
	}
	e := new(goEnvironment)
	if err := json.Unmarshal(out, e); err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	if e.GOWORK == "off" {
		e.GOWORK = ""
	}
	return e, nil
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
