package aliasplugin

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	info := func(version string, deps []string, settings ...string) *debug.BuildInfo {
		b := &debug.BuildInfo{GoVersion: version}
		for _, d := range deps {
			path, at, _ := strings.Cut(d, "@")
			b.Deps = append(b.Deps, &debug.Module{Path: path, Version: at})
		}
		for _, s := range settings {
			k, v, _ := strings.Cut(s, "=")
			b.Settings = append(b.Settings, debug.BuildSetting{Key: k, Value: v})
		}
		return b
	}
	program := info("go1.26.0", []string{"a@v1.0.0", "b@v1.0.0"},
		"-buildmode=exe", "-compiler=gc", "-race=true", "vcs.time=1", "GOAMD64=v1")
	for _, c := range []struct {
		own  *debug.BuildInfo
		want string
	}{
		{
			info("go1.26.0", []string{"a@v1.0.0", "c@v2.0.0"}, "-buildmode=plugin", "-compiler=gc", "-race=true", "GOAMD64=v1"),
			"",
		},
		{
			info("go1.26.1", nil, "-compiler=gc", "-race=true", "GOAMD64=v1"),
			"it was built by go1.26.1, and the program by go1.26.0",
		},
		{info("go1.26.0", nil, "-compiler=gc", "GOAMD64=v1"), "it was built without -race, and the program with -race=true"},
		{
			info("go1.26.0", nil, "-compiler=gc", "-race=true", "-tags=x", "GOAMD64=v3"),
			"it was built with -tags=x, and the program without -tags; " +
				"it was built with GOAMD64=v3, and the program with GOAMD64=v1",
		},
		{
			info("go1.26.0", []string{"a@v1.0.1"}, "-compiler=gc", "-race=true", "GOAMD64=v1"),
			"it has a v1.0.1, and the program v1.0.0",
		},
	} {
		if got := strings.Join(compare(program, c.own), "; "); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
