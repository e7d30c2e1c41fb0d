// Package settings reads vimage.settings, in which users decide about packages
// that are not theirs.
//
// Input: the root of the main module. Output: the words of its [File], by the
// name of the variable or function. A line is a verb, a name and, for shared, a
// reason:
//
//	shared  github.com/some/pkg.Table  never written after start-up
//	virtual github.com/some/pkg.Cache
//	shared  github.com/some/pkg.C      its C statics are constants in truth
//	shared  github.com/some/pkg.TEXT   all images may share the functions that it patches
//	shared  syscall.Exec               a restart is one of all images
//
// A line that begins with # is a comment.
package settings

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// File is the name of the file.
const File = "vimage.settings"

// A Word is what a line says.
type Word struct {
	Shared bool // else virtual
	Reason string
	Line   int
}

// An Error is a line that makes no sense.
type Error struct {
	File string
	Line int
	Msg  string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg) }

// Read reads the file in dir; one that does not exist is empty. The error is
// for the first line that makes no sense.
func Read(dir string) (map[string]Word, error) {
	words, wrong, err := ReadAll(dir)
	if err == nil && len(wrong) > 0 {
		err = wrong[0]
	}
	if err != nil {
		return nil, err
	}
	return words, nil
}

// ReadAll does the same, and returns all lines that make no sense beside the
// words of the others. A second word about one name is one of them.
func ReadAll(dir string) (words map[string]Word, wrong []*Error, err error) {
	file := filepath.Join(dir, File)
	words = map[string]Word{}
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return words, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	for i, line := range strings.Split(string(text), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		complain := func(msg string) { wrong = append(wrong, &Error{file, i + 1, msg}) }
		w := Word{Line: i + 1}
		switch {
		case f[0] == "shared" && len(f) > 2:
			w.Shared, w.Reason = true, strings.Join(f[2:], " ")
		case f[0] == "shared":
			complain("shared needs a name and a reason")
			continue
		case f[0] == "virtual" && len(f) > 1:
		default:
			complain("want `shared NAME REASON` or `virtual NAME`")
			continue
		}
		if old, ok := words[f[1]]; ok {
			complain(fmt.Sprintf("a second word about %s: the first is in line %d", f[1], old.Line))
			continue
		}
		words[f[1]] = w
	}
	return words, wrong, nil
}

// Near reads the file of the module that a package's files are in. Without a
// module there are no words.
func Near(fset *token.FileSet, files []*ast.File) (map[string]Word, error) {
	for _, f := range files {
		path := fset.Position(f.Package).Filename
		if filepath.Ext(path) != ".go" { // what cgo makes for itself lies in the go command's cache
			continue
		}
		for dir, up := filepath.Dir(path), ""; dir != up; dir, up = filepath.Dir(dir), dir {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				return Read(dir)
			}
		}
		return nil, nil
	}
	return nil, nil
}
