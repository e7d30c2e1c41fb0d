package cli

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// TestVerbsExist demands that messages name no command that there is not. It
// looks at the string literals of all packages, and at the manual and the
// README; words that follow the tool's name in a sentence are listed.
func TestVerbsExist(t *testing.T) {
	root := "../../../.."
	cli := &tool{}
	prose := map[string]bool{}
	words := "and another built build builds cannot drives each every gives has makes nor refuse is itself sum"
	for _, word := range strings.Fields(words) {
		prose[word] = true
	}
	command := regexp.MustCompile(`\bvimagegen ([a-z]+)`)
	check := func(file, text string) {
		for _, m := range command.FindAllStringSubmatch(text, -1) {
			if _, ok := cli.verb(m[1]); !ok && !prose[m[1]] {
				t.Errorf("%s: %q: there is no verb %s", file, m[0], m[1])
			}
		}
	}
	manual, err := filepath.Glob(filepath.Join(root, "cmd/vimagegen/doc*.go"))
	if err != nil || len(manual) < 20 {
		t.Fatalf("the manual has %d files, %v", len(manual), err)
	}
	for _, file := range append(manual, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		check(file, string(text))
	}
	files := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		var s scanner.Scanner
		s.Init(token.NewFileSet().AddFile(path, -1, len(src)), src, nil, 0)
		for {
			_, tok, lit := s.Scan()
			if tok == token.EOF {
				return nil
			}
			if tok == token.STRING {
				check(path, lit)
			}
		}
	})
	if err != nil || files < 100 {
		t.Errorf("%d files read, %v", files, err)
	}
}

// TestPages demands a page with a summary of each verb, and a summary of each
// page. The list of help is made from both.
func TestPages(t *testing.T) {
	for _, problem := range pageFaults(os.DirFS("../..")) {
		t.Error(problem)
	}
	broken := fstest.MapFS{
		"doc.go":       {Data: []byte("/*\nVimagegen builds.\n*/\npackage main\n")},
		"doc_build.go": {Data: []byte("/*\n# Build\n\nText.\n*/\npackage main\n")},
	}
	got := pageFaults(broken)
	if len(got) < 2 || got[0] != "page build has no summary: want # Build: SUMMARY" || got[1] != "verb run has no page" {
		t.Errorf("of a manual without pages, found %q", got)
	}
}

func pageFaults(docs fs.FS) (faults []string) {
	cli := &tool{docs: docs}
	pages := map[string]bool{}
	for p := range cli.manual() {
		pages[p.name] = true
		if p.name != "" && p.summary == "" {
			faults = append(faults, fmt.Sprintf("page %s has no summary: want # %s: SUMMARY", p.name,
				strings.ToUpper(p.name[:1])+p.name[1:]))
		}
	}
	for _, v := range cli.verbs() {
		if !pages[v.name] {
			faults = append(faults, "verb "+v.name+" has no page")
		}
	}
	return faults
}
