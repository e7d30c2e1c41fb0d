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
		fmt.Println("x", st().x, "in", vimage.Current(), strings.Join(os.Args[1:], ","), os.Getenv("VIMAGE_N"))
		defer fmt.Println("not printed")
		if vimage.Current().Name() == "2" {
			fmt.Print("unfinished")
			vimage.Exit(3)
		}
		vimage.Exit(0)
	})
}

func launch(t *testing.T, program string, env []string, args ...string) (stdout, stderr string, status int) {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = slices.Concat(os.Environ(), []string{launchProgram + "=" + program}, env)
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
	out, errs, status := launch(t, "os", nil, "-vimage.n=1", "--vimage.prefix", "-a={image}", "b")
	if want := "1: x 42 in 1 -a=1,b \n"; out != want || errs != "" || status != 0 {
		t.Errorf("printed %q, %q, status %d; want %q", out, errs, status, want)
	}
	for _, c := range []struct{ env, args []string }{
		{args: []string{"-vimage.n", "3"}},
		{env: []string{"VIMAGE_N=3"}},
		{env: []string{"VIMAGE_N=7", "VIMAGE_PREFIX=true"}, args: []string{"-vimage.n=3", "-vimage.prefix=false"}},
	} {
		out, errs, status = launch(t, "3", c.env, c.args...)
		lines := strings.Split(strings.Replace(out, "unfinished", "", 1), "\n")
		slices.Sort(lines)
		want := []string{"", "x 42 in 1  ", "x 42 in 2  ", "x 42 in 3  "}
		if !slices.Equal(lines, want) || errs != "image 2: exit status 3\n" || status != 3 {
			t.Errorf("%v %v: printed %q, %q, status %d", c.env, c.args, lines, errs, status)
		}
	}
}

// TestLaunchArgs reads the words of a line as a shell does.
func TestLaunchArgs(t *testing.T) {
	file := t.TempDir() + "/images"
	text := "# one image\n\n  KEY=1 -- A=1 'd  e' {image} \"q\\\"\\n\" f\\ g ''\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	out, errs, status := launch(t, "os", []string{"VIMAGE_ARGS=" + file}, "x{image}")
	if want := "x 42 in 1 x1,A=1,d  e,1,q\"\\n,f g, \n"; out != want || errs != "" || status != 0 {
		t.Errorf("printed %q, %q, status %d; want %q", out, errs, status, want)
	}
}

// TestLaunchUsage demands one line for each mistake.
func TestLaunchUsage(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"none": "# nobody\n", "quote": "a\nb 'c\n", "backslash": "a\\", "two": "a\nb\n",
	} {
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ args, want string }{
		{"-vimage.n=0", `flag -vimage.n: want a number of images, not "0"`},
		{"-vimage.n", "flag -vimage.n: needs a value"},
		{"-vimage.m", "flag -vimage.m: no such flag; see -vimage.help"},
		{"-vimage.m=1", "flag -vimage.m: no such flag; see -vimage.help"},
		{"-vimage.prefix=2x", `flag -vimage.prefix: want true or false, not "2x"`},
		{"-vimage.panic=all", `flag -vimage.panic: want image or process, not "all"`},
		{"-vimage.restart=on-failure -vimage.fail-fast", "fail-fast and restart=on-failure cannot be used together"},
		{"a --vimage.n=3", "flag -vimage.n must come before the program's own arguments"},
		{"-vimage.args=", "flag -vimage.args: want the name of a file"},
		{"-vimage.args=DIR/absent", "open DIR/absent: no such file or directory"},
		{"-vimage.args=DIR/none", "DIR/none: no line that is for an image"},
		{"-vimage.args=DIR/quote", "DIR/quote:2: the quote ' is not closed"},
		{"-vimage.args=DIR/backslash", "DIR/backslash:1: nothing follows the backslash at the end of the line"},
		{"-vimage.args=DIR/two -vimage.n=3", "DIR/two is for 2 images, and 3 images are asked for"},
	} {
		args := strings.Fields(strings.ReplaceAll(c.args, "DIR", dir))
		out, errs, status := launch(t, "1", nil, args...)
		if errs = strings.ReplaceAll(errs, dir, "DIR"); out != "" || errs != "vimage: "+c.want+"\n" || status != 2 {
			t.Errorf("%s: printed %q, %q, status %d; want %q", c.args, out, errs, status, c.want)
		}
	}
	if _, errs, status := launch(t, "1", []string{"VIMAGE_N=x"}); status != 2 ||
		errs != "vimage: environment variable VIMAGE_N: want a number of images, not \"x\"\n" {
		t.Errorf("VIMAGE_N=x: %q, status %d", errs, status)
	}
	if out, _, status := launch(t, "1", nil, "-vimage.help"); status != 0 || !strings.Contains(out, "-vimage.restart") {
		t.Errorf("-vimage.help: %q, status %d", out, status)
	}
	out, errs, status := launch(t, "os", nil, "a", "--", "-vimage.n=3")
	if status != 0 || !strings.Contains(out, "a,--,-vimage.n=3") {
		t.Errorf("behind --: %q, %q, status %d", out, errs, status)
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
