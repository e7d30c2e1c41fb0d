package docs

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadme runs the README's console blocks and compares what they print with
// what is printed there. Lines of its Go blocks have to be lines of the
// examples.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	tools := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", tools+"/", "../../cmd/vimagegen").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	steps := console(string(text))
	if len(steps) < 12 {
		t.Errorf("the README has %d commands", len(steps))
	}
	env := append(os.Environ(), "TMPDIR="+t.TempDir(), "GOFLAGS=",
		"PATH="+tools+string(filepath.ListSeparator)+os.Getenv("PATH"))
	for _, s := range steps {
		if got := s.run(root, env); got != s.want {
			t.Errorf("$ %s\ngot\n%swant\n%s", s.command, got, s.want)
		}
	}
	sources := exampleLines(t)
	for _, line := range goLines(string(text)) {
		if !sources[line] {
			t.Errorf("no example has the line %q", line)
		}
	}
}

// TestReadmeFinds runs blocks whose output is another.
func TestReadmeFinds(t *testing.T) {
	steps := console("Text.\n\n```console\n$ echo a; exit 3\na\nexit status 3\n" +
		"$ echo took 0.25s\ntook 0.01s\n$ echo b\nc\n```\n\n```go\nfunc Enter() {}\n```\n")
	if len(steps) != 3 {
		t.Fatalf("%d steps", len(steps))
	}
	var wrong []string
	for _, s := range steps {
		if s.run(".", os.Environ()) != s.want {
			wrong = append(wrong, s.command)
		}
	}
	if !slices.Equal(wrong, []string{"echo b"}) {
		t.Errorf("wrong are %q, want echo b", wrong)
	}
	if lines := goLines("```go\nfunc Nowhere() {}\n```\n"); len(lines) != 1 || exampleLines(t)[lines[0]] {
		t.Errorf("a line that no example has: %q", lines)
	}
}

// A step is a command and what it prints.
type step struct{ command, want string }

// console returns the steps of all console blocks. A line that begins with "$ "
// is a command, the lines below it are its output.
func console(text string) (steps []step) {
	for _, block := range fenced(text, "console") {
		for line := range strings.Lines(block) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				steps = append(steps, step{command: strings.TrimSpace(command)})
			} else {
				steps[len(steps)-1].want += durations.ReplaceAllString(line, "0.00s")
			}
		}
	}
	return steps
}

var durations = regexp.MustCompile(`\d+\.\d+s`)

// run returns the output, with a line for an exit status that is not 0.
func (s step) run(dir string, env []string) string {
	cmd := exec.Command("sh", "-c", s.command)
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.CombinedOutput()
	got := durations.ReplaceAllString(string(out), "0.00s")
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		if !strings.HasSuffix(got, "\nFAIL\n") { // go test says so
			got += exit.String() + "\n"
		}
	} else if err != nil {
		got += err.Error() + "\n"
	}
	return got
}

// goLines returns the lines of all Go blocks.
func goLines(text string) (lines []string) {
	for _, block := range fenced(text, "go") {
		for line := range strings.Lines(block) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

func fenced(text, kind string) (blocks []string) {
	parts := strings.Split(text, "```"+kind+"\n")
	for _, part := range parts[1:] {
		block, _, _ := strings.Cut(part, "```")
		blocks = append(blocks, block)
	}
	return blocks
}

// exampleLines returns the lines of the examples' Go files.
func exampleLines(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "examples/*/*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	lines := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			lines[strings.TrimSpace(line)] = true
		}
	}
	return lines
}
