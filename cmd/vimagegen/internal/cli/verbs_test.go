package cli

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestVerbsExist demands that messages name no command that there is not. It looks at the string literals of all
// packages, and at the manual and the README; words that follow the tool's name in a sentence are listed.
func TestVerbsExist(t *testing.T) {
	root := "../../../.."
	verbs := (&tool{}).verbs()
	prose := map[string]bool{}
	words := "and another built build builds cannot drives each every gives has makes nor refuse is itself sum"
	for _, word := range strings.Fields(words) {
		prose[word] = true
	}
	command := regexp.MustCompile(`\bvimagegen ([a-z]+)`)
	check := func(file, text string) {
		for _, m := range command.FindAllStringSubmatch(text, -1) {
			if verbs[m[1]] == nil && !prose[m[1]] {
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
