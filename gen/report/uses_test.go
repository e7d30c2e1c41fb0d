package report_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("u", false, "write what is found into the archives of testdata")

// What a place does with a variable, and the function that it is in, for each line of an archive's program.
func TestUses(t *testing.T) {
	const path = "testdata/uses.txtar"
	type use struct {
		line, column int
		text         string
	}
	var uses []use
	for _, v := range analyze(t, path).Variables {
		for _, u := range slices.Concat(v.Reads, v.Writes) {
			how := cmp.Or(u.How, "read")
			uses = append(uses, use{u.Place.Line, u.Place.Column, fmt.Sprintf("%s %s in %q\n", v.Name, how, u.Function)})
		}
	}
	slices.SortFunc(uses, func(a, b use) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column)) })
	ar, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, u := range uses {
		source := strings.TrimSpace(strings.Split(string(ar.Files[1].Data), "\n")[u.line-1])
		fmt.Fprintf(&got, "%s: %s", source, u.text)
	}
	want := &ar.Files[len(ar.Files)-1]
	if *update {
		want.Data = []byte(got.String())
		if err := os.WriteFile(filepath.FromSlash(path), txtar.Format(ar), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if got.String() != string(want.Data) {
		t.Errorf("got\n%swant\n%s", got.String(), want.Data)
	}
}
