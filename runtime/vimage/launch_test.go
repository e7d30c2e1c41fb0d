package vimage_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// With this variable set, the test binary is a program that calls Launch.
const launchProgram = "VIMAGE_TEST_LAUNCH"

func TestMain(m *testing.M) {
	home = vimage.Current()
	if os.Getenv(launchProgram) == "" {
		os.Exit(m.Run())
	}
	if os.Getenv(launchProgram) == "os" {
		// Package os is not virtual here, so this is for one image at a time.
		vimage.VnetRegister(&vimage.VnetModule{Path: "os", Init: func() {}})
	}
	vimage.Launch(func() {
		fmt.Println("x", st().x, "in", vimage.Current(), strings.Join(os.Args[1:], ","), os.Getenv("VIMAGE_RUN"))
		defer fmt.Println("not printed")
		if vimage.Current().Name() == "2" {
			fmt.Print("unfinished")
			vimage.Exit(3)
		}
		vimage.Exit(0)
	})
}

func launch(t *testing.T, program, settings string, args ...string) (stdout, stderr string, status int) {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), launchProgram+"="+program, "VIMAGE_RUN="+settings)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func TestLaunch(t *testing.T) {
	out, errs, status := launch(t, "os", `{"n":1,"prefix":true}`, "-a={image}", "b")
	if want := "1: x 42 in 1 -a=1,b \n"; out != want || errs != "" || status != 0 {
		t.Errorf("printed %q, %q, status %d; want %q", out, errs, status, want)
	}
	out, errs, status = launch(t, "3", `{"n": 3}`)
	lines := strings.Split(strings.Replace(out, "unfinished", "", 1), "\n")
	slices.Sort(lines)
	if want := []string{"", "x 42 in 1  ", "x 42 in 2  ", "x 42 in 3  "}; !slices.Equal(lines, want) || errs != "image 2: exit status 3\n" || status != 3 {
		t.Errorf("printed %q, %q, status %d", lines, errs, status)
	}
	for _, settings := range []string{"3", `{"n":0}`, `{"n":"x"}`, `{"m":1}`, `{"prefix":2x}`} {
		if _, errs, status := launch(t, "1", settings); status != 2 || !strings.Contains(errs, "VIMAGE_RUN") {
			t.Errorf("%s: %q, status %d", settings, errs, status)
		}
	}
}

func ExampleImage_Do() {
	im, err := vimage.New(vimage.WithName("a"))
	if err != nil {
		fmt.Println(err)
		return
	}
	st().x = 1
	im.Do(func() { fmt.Println(vimage.Current(), st().x) })
	fmt.Println(st().x)
	// Output:
	// a 42
	// 1
}
