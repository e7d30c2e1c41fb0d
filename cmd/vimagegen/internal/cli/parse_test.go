package cli

import (
	"errors"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/analyzers"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// TestParse compares what command lines of run, build and test stand for.
func TestParse(t *testing.T) {
	for _, test := range []struct {
		verb     string
		args     []string
		packages []string
		check    func(c *command) bool
	}{
		{"run", []string{"-n", "3", "-prefix", "./cmd", "-n", "x"}, []string{"./cmd"}, func(c *command) bool {
			return c.launch.n == 3 && slices.Equal(c.launch.flags, []string{"-vimage.n=3", "-vimage.prefix"})
		}},
		{"build", []string{"-slot=label", "-tags=a,b", "./..."}, []string{"./..."}, func(c *command) bool {
			return c.slot == "label" && slices.Equal(c.loading(), []string{"-tags=a,b"})
		}},
		{"build", []string{"-mode", "nop"}, nil, func(c *command) bool { return c.mode == "nop" }},
		{"test", []string{"-v", "-run=X", "./a", "./b", "-short"}, []string{"./a", "./b"}, func(c *command) bool {
			return c.flag("v")
		}},
	} {
		c, err := parseCommand(test.verb, t.TempDir(), nil, test.args)
		if err != nil {
			t.Errorf("%s %q: %v", test.verb, test.args, err)
			continue
		}
		if !slices.Equal(c.packages(), test.packages) || !test.check(c) {
			t.Errorf("%s %q: packages %q, %+v", test.verb, test.args, c.packages(), c)
		}
	}
}

// TestParseWrong wants a usage error with a text, as the user sees it.
func TestParseWrong(t *testing.T) {
	for _, test := range []struct {
		verb, want string
		args       []string
	}{
		{"run", `invalid value "0" for flag -n: want a number of images`, []string{"-n=0", "."}},
		{"run", `invalid value "maybe" for flag -panic: want image or process`, []string{"-panic=maybe", "."}},
		{"build", `invalid value "h" for flag -slot: want g or label`, []string{"-slot", "h"}},
		{"build", "flag needs an argument: -o", []string{"-o"}},
	} {
		_, err := parseCommand(test.verb, t.TempDir(), nil, test.args)
		if usage := (usageError{}); !errors.As(err, &usage) || usage.msg != test.want {
			t.Errorf("%s %q: got %v, want %s", test.verb, test.args, err, test.want)
		}
	}
	if _, err := parseCommand("run", t.TempDir(), nil, []string{"-h"}); !errors.Is(err, goflags.ErrHelp) {
		t.Errorf("run -h: %v", err)
	}
}

// TestParseEnvironment reads the variables of run's flags.
func TestParseEnvironment(t *testing.T) {
	c, err := parseCommand("run", t.TempDir(), []string{"VIMAGE_N=4", "VIMAGE_FAIL_FAST=true"}, []string{"."})
	if err != nil || c.launch.n != 4 || !slices.Contains(c.launch.flags, "-vimage.fail-fast") {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err = parseCommand("run", t.TempDir(), []string{"VIMAGE_N=4"}, []string{"-n=2", "."}); err != nil || c.launch.n != 2 {
		t.Errorf("the flag does not override the variable: %+v, %v", c, err)
	}
}

// TestParseVet chooses analyzers as go vet does.
func TestParseVet(t *testing.T) {
	dir := t.TempDir()
	all := len(analyzers.All())
	for _, test := range []struct {
		args []string
		off  int // how many analyzers do not run
	}{
		{nil, 0},
		{[]string{"-globals"}, all - 1},
		{[]string{"-globals", "-crossing"}, all - 2},
		{[]string{"-globals=false"}, 1},
	} {
		c, err := parseVet(dir, nil, test.args)
		if err != nil {
			t.Fatal(err)
		}
		off := 0
		for _, is := range c.off {
			if is {
				off++
			}
		}
		if off != test.off {
			t.Errorf("%q: %d analyzers are off, want %d", test.args, off, test.off)
		}
	}
	for want, args := range map[string][]string{
		"-write-baseline needs -baseline FILE":                                {"-write-baseline"},
		"-write-baseline goes with none of -fix, -json, -new-from and -sarif": {"-write-baseline", "-baseline=x", "-fix"},
		"flag provided but not defined: -o":                                   {"-o=x"},
		"VIMAGE_BASELINE: want an absolute path":                              nil,
		`invalid value "perhaps" for flag -globals`:                           {"-globals=perhaps"},
		"-C " + dir + "/none: no such directory":                              {"-C", "none"},
	} {
		env := []string{}
		if args == nil {
			env = append(env, "VIMAGE_BASELINE=relative")
		}
		if _, err := parseVet(dir, env, args); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", args, err, want)
		}
	}
}
