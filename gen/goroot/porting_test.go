package goroot

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("u", false, "write the hashes of the installed release into testdata/porting.txt")

// TestPorting names the tables of PORTING.md whose sources differ from those of
// the release that they were written for.
func TestPorting(t *testing.T) {
	const path = "testdata/porting.txt"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	src := filepath.Join(strings.TrimSpace(string(root)), "src")
	if _, err := os.Stat(filepath.Join(src, "cmd/compile")); err != nil {
		t.Skip("the sources of the toolchain are not installed")
	}
	want := parseTables(string(text))
	got := fingerprint(t, &sources{src: src}, want)
	if *update {
		preamble, _, _ := strings.Cut(string(text), "\n== ")
		if err := os.WriteFile(path, []byte(preamble+formatTables(got)), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, d := range differences(want, got) {
		t.Error(d)
	}
	rows, err := os.ReadFile("PORTING.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range unnamed(string(rows), want) {
		t.Error(d)
	}
}

// TestPortingFinds changes a source, and takes a table away.
func TestPortingFinds(t *testing.T) {
	src := t.TempDir()
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(src, "p"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(src, "p/p.go"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tables := parseTables("\n== `a.go`\ndecl p F T.M gone\nnames p\nimports p\nempty p none\n")
	write("package p\n\nimport \"os\"\n\n// F ends.\nfunc F() { os.Exit(1) }\n\ntype T int\n\nfunc (T) M() {}\n")
	before := fingerprint(t, &sources{src: src}, tables)
	if before[0].sources[0].hashes[2] != "p.gone missing" {
		t.Errorf("a declaration that is not there: %q", before[0].sources[0].hashes)
	}
	write("package p\n\nimport \"os\"\n\n// F ends it.\nfunc F()   { os.Exit(1) }\n\ntype T int\n\nfunc (T) M() {}\n")
	if d := differences(before, fingerprint(t, &sources{src: src}, tables)); len(d) != 0 {
		t.Errorf("a comment and a space: %q", d)
	}
	for _, change := range []struct{ text, want string }{
		{"package p\n\nimport \"os\"\n\nfunc F() { os.Exit(2) }\n\ntype T int\n\nfunc (T) M() {}\n", "p.F"},
		{"package p\n\nimport \"os\"\n\nfunc F() { os.Exit(1) }\n\ntype T int\n", "p.T.M missing"},
		{"package p\n\nimport \"os\"\n\nfunc F() { os.Exit(1) }\n\ntype T int\n\nfunc (T) M() {}\n\nfunc New() {}\n", "names p"},
		{"package p\n\nimport \"syscall\"\n\nfunc F() { os.Exit(1) }\n\ntype T int\n\nfunc (T) M() {}\n", "imports p"},
	} {
		write(change.text)
		d := differences(before, fingerprint(t, &sources{src: src}, tables))
		if len(d) != 1 || !strings.Contains(d[0], "a.go") || !strings.Contains(d[0], change.want) {
			t.Errorf("%q is not found: %q", change.want, d)
		}
	}
	d := unnamed("| table | test |\n|---|---|\n| `a.go` | none |\n| `b.go` | none |\n", append(tables, table{heading: "`c.go`"}))
	if want := []string{"PORTING.md has a table `b.go`, and testdata/porting.txt has none", "porting.txt has a table `c.go`, and PORTING.md has none"}; !slices.Equal(d, want) {
		t.Errorf("got %q, want %q", d, want)
	}
}

// A table is one heading of porting.txt.
type table struct {
	heading string
	sources []source
}

// A source is one line below a heading, and its hashes.
type source struct {
	line   string
	hashes []string
}

func parseTables(text string) (tables []table) {
	for _, part := range strings.Split(text, "\n== ")[1:] {
		lines := strings.Split(strings.TrimRight(part, "\n"), "\n")
		x := table{heading: lines[0]}
		for _, line := range lines[1:] {
			if hash, ok := strings.CutPrefix(line, "\t"); ok {
				last := &x.sources[len(x.sources)-1]
				last.hashes = append(last.hashes, hash)
			} else if line != "" {
				x.sources = append(x.sources, source{line: line})
			}
		}
		tables = append(tables, x)
	}
	return tables
}

func formatTables(tables []table) string {
	var b strings.Builder
	for i, x := range tables {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("\n== " + strings.TrimPrefix(x.heading, "\n") + "\n")
		for _, s := range x.sources {
			b.WriteString(s.line + "\n")
			for _, hash := range s.hashes {
				b.WriteString("\t" + hash + "\n")
			}
		}
	}
	return strings.ReplaceAll(b.String(), "\n\n\n", "\n\n")
}

// differences has one text for each table that differs.
func differences(want, got []table) (out []string) {
	for i, x := range want {
		var changed []string
		for j, s := range x.sources {
			now := got[i].sources[j].hashes
			kind, _, _ := strings.Cut(s.line, " ")
			for _, hash := range now {
				name, _, _ := strings.Cut(hash, " ")
				isNew := !slices.ContainsFunc(s.hashes, func(h string) bool { return strings.HasPrefix(h, name+" ") })
				if slices.Contains(s.hashes, hash) || isNew && derived(kind) {
					continue
				}
				changed = append(changed, kind+" "+hash)
			}
			for _, hash := range s.hashes {
				if derived(kind) {
					continue
				}
				name, _, _ := strings.Cut(hash, " ")
				if !slices.ContainsFunc(now, func(h string) bool { n, _, _ := strings.Cut(h, " "); return n == name }) {
					changed = append(changed, kind+" "+name+" is gone")
				}
			}
		}
		if len(changed) > 0 {
			out = append(out, "table "+x.heading+" was written for other sources; read it again, then -u: "+
				strings.Join(changed, ", "))
		}
	}
	return out
}

// derived reports whether a source is read from our code, which may come to use
// more of a release, or less, at any time. Until -u it is not compared.
func derived(kind string) bool {
	return slices.Contains([]string{"used", "anchors", "writecheck"}, kind)
}

// unnamed compares the rows of PORTING.md with the headings.
func unnamed(text string, tables []table) (out []string) {
	rows := map[string]bool{}
	skip := 2 // the head of a table, and the line below it
	for line := range strings.SplitSeq(text, "\n") {
		cell, ok := strings.CutPrefix(line, "| ")
		if !ok && !strings.HasPrefix(line, "|--") {
			skip = 2
			continue
		}
		if skip--; skip >= 0 {
			continue
		}
		cell, _, _ = strings.Cut(cell, " |")
		rows[cell] = true
		if !slices.ContainsFunc(tables, func(x table) bool { return x.heading == cell }) {
			out = append(out, "PORTING.md has a table "+cell+", and testdata/porting.txt has none")
		}
	}
	for _, x := range tables {
		if !rows[x.heading] {
			out = append(out, "porting.txt has a table "+x.heading+", and PORTING.md has none")
		}
	}
	return out
}
