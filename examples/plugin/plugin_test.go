//go:build (linux || darwin || freebsd) && cgo

package plugin_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/go-vimage/vimage/internal/testenv"
)

func Test(t *testing.T) {
	if testing.Short() {
		t.Skip("builds plugins")
	}
	new(testenv.Machine).Need(t, "plugin")
	dir := t.TempDir()
	host, counter := filepath.Join(dir, "host"), filepath.Join(dir, "counter.so")
	if out, err := exec.Command("go", "build", "-buildmode=plugin", "-o", counter, "./counter").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command("go", "build", "-o", host, "./host").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(host, counter).CombinedOutput()
	const want = `created a
counter comes to vnet0
counter comes to a
counter comes to b
counted 1 in a
counted 2 in b
counter leaves b at 2
counter leaves a at 1
counter leaves vnet0 at 0
`
	if err != nil || string(out) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, out, want)
	}
}
