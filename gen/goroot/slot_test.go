package goroot_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/gen/goroot"
	"github.com/go-vimage/vimage/internal/testenv"
)

// lay writes the base overlay of a slot to a folder, with the forwarders in the
// place of the repository's runtime/vimage, and returns the file for -overlay.
func lay(t *testing.T, slot string) string {
	t.Helper()
	res, err := goroot.Overlay(goroot.Options{GOROOT: gorootDir(t), Slot: slot})
	if err != nil {
		t.Fatal(err)
	}
	if res.Slot != slot || res.Note != "" {
		t.Fatalf("got slot %s: %s", res.Slot, res.Note)
	}
	forwarders, err := goroot.Forwarders()
	if err != nil {
		t.Fatal(err)
	}
	own, err := filepath.Abs("../../runtime/vimage")
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	old, err := filepath.Glob(filepath.Join(own, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range old {
		if !strings.HasSuffix(name, "_test.go") {
			replace[name] = "" // is deleted
		}
	}
	res.Files[filepath.Join(own, "forward.go")] = forwarders
	dir := t.TempDir()
	n := 0
	for name, content := range res.Files {
		n++
		replace[name] = filepath.Join(dir, strings.Repeat("x", n)+filepath.Base(name))
		if err := os.WriteFile(replace[name], content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return overlay
}

func gorootDir(t *testing.T) string { return strings.TrimSpace(goCommand(t, "env", "GOROOT")) }

func goCommand(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("go", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// The tests of runtime/vimage, over both slots.
func TestSlots(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and tests the runtime in both slots")
	}
	for _, slot := range []string{goroot.SlotG, goroot.SlotLabel} {
		t.Run(slot, func(t *testing.T) {
			overlay := lay(t, slot)
			args := []string{"test", "-overlay", overlay, "-tags=vnetstd", "-vet=off", "-count=1"}
			goCommand(t, append(args, "../../runtime/vimage")...)
			if slot == goroot.SlotG {
				goCommand(t, append(args, "-tags=vnetstd,vimage_debug", "-run=Debug|Close|Register", "../../runtime/vimage")...)
			}
			checkDeferred(t, overlay)
			if slot == goroot.SlotG {
				checkInlined(t, overlay)
				t.Run("race", func(t *testing.T) {
					new(testenv.Machine).Need(t, "race")
					goCommand(t, append(args, "-race", "../../runtime/vimage")...)
				})
			}
		})
	}
}

// checkDeferred runs a program whose main runs in image 1 alone.
func checkDeferred(t *testing.T, overlay string) {
	binary := filepath.Join(t.TempDir(), "deferred.exe")
	goCommand(t, "build", "-overlay", overlay, "-ldflags=-X=runtime.vnetMode=defer", "-o", binary, "./testdata/deferred")
	cmd := exec.Command(binary)
	out, _ := cmd.CombinedOutput()
	if want := "std in vnet0\nstd in 1\nprogram in 1\n"; string(out) != want || cmd.ProcessState.ExitCode() != 7 {
		t.Errorf("printed %q, status %d; want %q", out, cmd.ProcessState.ExitCode(), want)
	}
}

// checkInlined wants Current to be one load, and the hook to hold no call but
// those of its two ways out.
func checkInlined(t *testing.T, overlay string) {
	if runtime.GOARCH != "amd64" {
		return
	}
	binary := filepath.Join(t.TempDir(), "inlined")
	goCommand(t, "build", "-overlay", overlay, "-o", binary, "./testdata/inlined")
	current := code(t, binary, "main.current")
	if want := `MOVQ 0x[0-9a-f]+\(R14\), AX\nRET`; !regexp.MustCompile(`^` + want + `$`).MatchString(current) {
		t.Errorf("Current() is\n%s", current)
	}
	for _, call := range regexp.MustCompile(`CALL \S+`).FindAllString(code(t, binary, "main.hook"), -1) {
		switch call {
		case "CALL runtime.chanrecv1(SB)", "CALL runtime.gopanic(SB)", "CALL runtime.morestack_noctxt.abi0(SB)":
		default:
			t.Errorf("the hook holds %s", call)
		}
	}
}

// code returns the instructions of a function, without the do-nothing ones.
func code(t *testing.T, binary, name string) string {
	out := goCommand(t, "tool", "objdump", "-s", "^"+regexp.QuoteMeta(name)+"$", binary)
	var list []string
	for line := range strings.Lines(out) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if ins := strings.TrimSpace(fields[len(fields)-1]); len(fields) > 2 && !strings.HasPrefix(ins, "NOP") {
			list = append(list, ins)
		}
	}
	if len(list) == 0 {
		t.Fatalf("no function %s", name)
	}
	return strings.Join(list, "\n")
}
