package aliasplugin

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"plugin"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/runtime/alias"
)

// Open opens a plugin and returns the modules that it has, which are not loaded
// yet. For a plugin that was opened before it returns none.
func Open(path string) ([]*alias.Module, error) {
	program, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, errors.New("aliasplugin: the program has no build information to compare a plugin's with")
	}
	own, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("aliasplugin: %s: %w", path, err)
	}
	if differ := compare(program, own); differ != nil {
		return nil, fmt.Errorf("aliasplugin: %s does not fit the program: %s", path, strings.Join(differ, "; "))
	}
	before := alias.Known()
	if _, err := plugin.Open(path); err != nil {
		return nil, fmt.Errorf("aliasplugin: %w (toolchain and flags are the same)", err)
	}
	var out []*alias.Module
	for _, m := range alias.Known() {
		if !slices.Contains(before, m) {
			out = append(out, m)
		}
	}
	return out, nil
}

// compare says what differs between the builds of a program and of a plugin.
func compare(program, own *debug.BuildInfo) (out []string) {
	if program.GoVersion != own.GoVersion {
		out = append(out, fmt.Sprintf("it was built by %s, and the program by %s", own.GoVersion, program.GoVersion))
	}
	with, has := settings(program), settings(own)
	for _, key := range sortedKeys(with, has) {
		if a, b := with[key], has[key]; a != b {
			out = append(out, fmt.Sprintf("it was built %s, and the program %s", spell(key, b), spell(key, a)))
		}
	}
	versions := map[string]*debug.Module{}
	for _, d := range program.Deps {
		versions[d.Path] = d
	}
	for _, d := range own.Deps {
		if p := versions[d.Path]; p != nil && version(p) != version(d) {
			out = append(out, fmt.Sprintf("it has %s %s, and the program %s", d.Path, version(d), version(p)))
		}
	}
	return out
}

// settings returns what of a build's settings decides what the compiler makes.
// Both of program and plugin have some that differ by nature.
func settings(info *debug.BuildInfo) map[string]string {
	out := map[string]string{}
	for _, s := range info.Settings {
		switch {
		case s.Key == "-buildmode", s.Key == "-ldflags", s.Key == "-o", s.Key == "DefaultGODEBUG",
			strings.HasPrefix(s.Key, "vcs"):
		default:
			out[s.Key] = s.Value
		}
	}
	return out
}

func sortedKeys(a, b map[string]string) (keys []string) {
	for _, m := range []map[string]string{a, b} {
		for k := range m {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	return keys
}

func spell(key, value string) string {
	if value == "" {
		return "without " + key
	}
	return "with " + key + "=" + value
}

// version returns a module's version, that of its replacement if there is one.
func version(m *debug.Module) string {
	if m.Replace != nil {
		return m.Replace.Path + " " + m.Replace.Version
	}
	return m.Version
}
