package hardcases

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/analyzers/stdstate"
	"golang.org/x/tools/txtar"
)

// own plans the program and looks for variables of the standard library, of
// which each image must have its own. A name may end in a star: then one of
// those that it begins is enough.
func (c *hardCase) own(words []string) {
	if *plainOnly {
		return
	}
	got := c.command("", c.tool, "report", "-json", "-std", ".") // which is the same for both slots
	var report struct {
		Variables []struct{ Package, Name, Fate, Reason string }
	}
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		c.Fatalf("%v\n%s", err, got.stderr)
	}
	for _, w := range words {
		state := "not in the report"
		for _, v := range report.Variables {
			if !matches(w, v.Package+"."+v.Name) {
				continue
			}
			if state = v.Fate + ": " + v.Reason; v.Fate == "virtual" {
				break
			}
		}
		if !strings.HasPrefix(state, "virtual: ") {
			c.Errorf("%s: %s", w, state)
		}
	}
}

func matches(pattern, name string) bool {
	begin, ok := strings.CutSuffix(pattern, "*")
	return pattern == name || ok && strings.HasPrefix(name, begin)
}

// TestOwn finds for each variable of the standard library that is to be the
// image's own a program that shows it: an archive with the verb own.
func TestOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program for each variable")
	}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(ar.Comment)) {
			if words := strings.Fields(line); len(words) > 0 && words[0] == "own" {
				shown = append(shown, words[1:]...)
			}
		}
	}
	table, err := stdstate.Read()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range table.List {
		name := e.Pkg + "." + e.Name
		found := slices.ContainsFunc(shown, func(w string) bool { return matches(w, name) })
		if e.Verdict == stdstate.Image && !found {
			t.Errorf("no program shows that images have their own %s", name)
		} else if e.Verdict != stdstate.Image && slices.Contains(shown, name) {
			t.Errorf("%s is one for all images by the table", name)
		}
	}
}
