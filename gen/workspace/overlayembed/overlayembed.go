// Package overlayembed gives //go:embed the text that a file's author wrote
// where a build sees another one.
//
// The go command hands the compiler the files that a package embeds as it does those that it compiles: with -overlay, or in
// a module's copy, a Go file that embeds itself, or the folder that it is in, would embed rewritten text. As a -toolexec
// command, Main edits the list of embedded files (-embedcfg) before the compiler reads it: each file is the author's,
// and files that no author wrote are not in it.
//
// Input: the file that [Config] is in, and a tool with its arguments. Output:
// the tool's. The go command's cache does not know of this: who rewrites a file
// that is embedded puts a digest of the author's text into it.
package overlayembed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/workspace/toolexec"
)

// A Config says which files stand for which. All paths are absolute.
type Config struct {
	Overlay map[string][]File // by the file that a build sees
	Copies  map[string]string // directory of a module's copy -> the module's own
}

// A File is one that a build sees under its path, with another one's content.
type File struct {
	Path   string
	Author string // the file with the author's text; "" if no author wrote it
}

// Main runs a tool of the go command, as -toolexec asks for it, and returns its
// exit status.
func Main(args []string) int {
	if len(args) < 2 {
		fmt.Fprintln(os.Stderr, "overlayembed: want a configuration and a tool")
		return 2
	}
	if list := embedcfg(args[1:]); list != "" {
		if err := rewrite(args[0], list); err != nil {
			fmt.Fprintln(os.Stderr, "overlayembed:", err)
			return 1
		}
	}
	return toolexec.Run("overlayembed", args[1:])
}

// embedcfg returns the file that the compiler reads the list from, "" if this
// is no compiler or if nothing is embedded.
func embedcfg(args []string) string {
	if toolexec.Index(args, "compile") < 0 {
		return ""
	}
	return toolexec.Flag(args, "embedcfg")
}

// A list is what the go command writes for the compiler.
type list struct {
	Patterns map[string][]string
	Files    map[string]string
}

// rewrite edits the list, which is a file of this build's own.
func rewrite(config, file string) error {
	var cfg Config
	var l list
	if err := errors.Join(readJSON(config, &cfg), readJSON(file, &l)); err != nil {
		return err
	}
	for name, path := range l.Files {
		author, added, err := cfg.author(name, path)
		if err != nil {
			return err
		}
		if added {
			delete(l.Files, name)
			for pattern, names := range l.Patterns {
				l.Patterns[pattern] = slices.DeleteFunc(names, func(n string) bool { return n == name })
			}
			continue
		}
		l.Files[name] = author
	}
	out, err := json.MarshalIndent(l, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, out, 0o666)
}

func readJSON(file string, v any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// author returns the file with the author's text of an embedded file, which the
// package calls name, and whether there is none. Files of different packages
// may be one by content; if their authors' texts differ it cannot be known
// which is meant.
func (cfg *Config) author(name, path string) (file string, added bool, err error) {
	if files := cfg.Overlay[path]; files != nil {
		var found []string
		for _, f := range files {
			if strings.HasSuffix(filepath.ToSlash(f.Path), "/"+name) {
				found = append(found, f.Author)
			}
		}
		for _, other := range found {
			if other != found[0] && !same(other, found[0]) {
				return "", false, fmt.Errorf("embedded file %s: %s and %s are rewritten to the same text", name, found[0], other)
			}
		}
		if found == nil {
			return "", false, fmt.Errorf("embedded file %s: no author's file is known for %s", name, path)
		}
		return found[0], found[0] == "", nil
	}
	for dir, own := range cfg.Copies {
		if rel, ok := strings.CutPrefix(path, dir+string(filepath.Separator)); ok {
			file := filepath.Join(own, rel)
			if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
				return "", true, nil
			}
			return file, false, nil
		}
	}
	return path, false, nil
}

// same reports whether two files have the same content.
func same(a, b string) bool {
	x, err1 := os.ReadFile(a)
	y, err2 := os.ReadFile(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}
