package generate

import (
	"go/build"
	"io"
	"strings"
	"testing"
)

// TestTwinName asks go/build whether a file and its twin are built for the same
// systems.
func TestTwinName(t *testing.T) {
	for base, want := range map[string]string{
		"x.go":                  "x_vimage.go",
		"x_test.go":             "x_vimage_test.go",
		"x_linux.go":            "x_vimage_linux.go",
		"x_linux_amd64.go":      "x_vimage_linux_amd64.go",
		"x_amd64.go":            "x_vimage_amd64.go",
		"x_amd64_linux.go":      "x_amd64_vimage_linux.go",
		"x_windows_test.go":     "x_vimage_windows_test.go",
		"x_linux_arm64_test.go": "x_vimage_linux_arm64_test.go",
		"linux.go":              "linux_vimage.go",
		"linux_test.go":         "linux_vimage_test.go",
		"linux_amd64.go":        "linux_vimage_amd64.go",
		"amd64_linux.go":        "amd64_vimage_linux.go",
		"x.pb.go":               "x_vimage.pb.go",
		"x_windows.pb.go":       "x_vimage_windows.pb.go",
		"x_unix.go":             "x_unix_vimage.go",
		"test.go":               "test_vimage.go",
		"a_b_c.go":              "a_b_c_vimage.go",
	} {
		got := TwinName(base)
		if got != want {
			t.Errorf("TwinName(%s) = %s, want %s", base, got, want)
		}
		for _, goos := range []string{"linux", "darwin", "windows"} {
			for _, goarch := range []string{"amd64", "arm64"} {
				c := build.Default
				c.GOOS, c.GOARCH = goos, goarch
				c.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("package p\n")), nil }
				a, err := c.MatchFile("", base)
				if err != nil {
					t.Fatal(err)
				}
				if b, err := c.MatchFile("", got); a != b || err != nil {
					t.Errorf("%s/%s: %s is built: %v, %s: %v (%v)", goos, goarch, base, a, got, b, err)
				}
			}
		}
	}
}
