package generate

import (
	"go/build/constraint"
	"testing"
)

// TestConfigs evaluates the constraints of configurations: in each of them its
// own holds, and no other.
func TestConfigs(t *testing.T) {
	for _, text := range []string{
		"linux/amd64", "linux/amd64;windows/amd64", "linux/amd64;linux/arm64;darwin/arm64",
		"linux/amd64,a;linux/amd64", "linux/amd64,a,b;linux/amd64,b;windows/amd64,a",
	} {
		configs, err := parseConfigs(text, platform{"linux", "amd64"})
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range configs {
			tags := map[string]bool{in.GOOS: true, in.GOARCH: true}
			for _, tag := range in.tags {
				tags[tag] = true
			}
			for _, c := range configs {
				x, err := constraint.Parse("//go:build " + c.constraint())
				if err != nil {
					t.Fatal(err)
				}
				if x.Eval(func(tag string) bool { return tags[tag] }) != (c == in) {
					t.Errorf("%s: %s of %s holds in %s: %v", text, c.constraint(), c, in, c != in)
				}
			}
		}
	}
	for text, want := range map[string]string{
		"linux":                   `-config: "linux" is no GOOS/GOARCH`,
		"linux/x86":               `-config: "linux/x86" is no GOOS/GOARCH`,
		"linux/amd64;":            `-config: "" is no GOOS/GOARCH`,
		"linux/amd64,vimage":      `-config: "vimage" is no tag`,
		"linux/amd64,a b":         `-config: "a b" is no tag`,
		"linux/amd64;linux/amd64": `-config names linux/amd64 twice`,
	} {
		if _, err := parseConfigs(text, platform{}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	all := &config{stands: platforms()}
	if got := all.constraint(); got != "darwin || linux || windows" {
		t.Error(got)
	}
	some := &config{stands: []platform{{"linux", "amd64"}, {"linux", "arm64"}, {"windows", "arm64"}}}
	if got := some.constraint(); got != "linux || windows && arm64" {
		t.Error(got)
	}
}
