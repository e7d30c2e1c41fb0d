// Package changes finds the lines of the user's files that differ from a git
// revision.
//
// Input: a folder of a repository and a revision. Output: the lines of the
// files in the working tree that were added or changed since, committed or not.
// In a file that git does not track, all lines are new, unless git ignores it.
// A renamed file has only its changed lines. Files outside the repository count
// as new.
//
// It reads git diff and git ls-files.
package changes

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Lines are the lines that changed.
type Lines struct {
	top     string
	changed map[string][]span // by path from top, with slashes
	whole   map[string]bool
}

type span struct{ from, to int }

// Since asks git what changed since a revision.
func Since(ctx context.Context, dir, revision string) (*Lines, error) {
	top, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	l := &Lines{top: strings.TrimSuffix(string(top), "\n"), whole: map[string]bool{}}
	commit, err := git(ctx, dir, "rev-parse", "--quiet", "--verify", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("git knows no revision %s", revision)
	}
	// What the user's configuration makes of a diff is for people.
	diff, err := git(
		ctx, l.top, "diff", "-U0", "-M", "--text", "--no-color", "--no-ext-diff", "--no-textconv", "--submodule=short", "--inter-hunk-context=0",
		"--src-prefix=a/", "--dst-prefix=b/", strings.TrimSpace(string(commit)), "--",
	)
	if err != nil {
		return nil, err
	}
	if l.changed, err = parse(diff); err != nil {
		return nil, err
	}
	files, err := git(ctx, l.top, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(files), "\x00") {
		l.whole[name] = true
	}
	return l, nil
}

// Touch reports whether one of a file's lines, from one up to another, changed.
func (l *Lines) Touch(file string, from, to int) bool {
	rel, ok := l.rel(file)
	if !ok || l.whole[rel] {
		return true
	}
	for _, s := range l.changed[rel] {
		if from <= s.to && s.from <= to {
			return true
		}
	}
	return false
}

// rel returns a file's path from the top; git resolves symbolic links in its
// own.
func (l *Lines) rel(file string) (string, bool) {
	if dir, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil {
		file = filepath.Join(dir, filepath.Base(file))
	}
	rel, err := filepath.Rel(filepath.FromSlash(l.top), file)
	return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel)
}

func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "LC_ALL=C", "PWD="+dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n"); err != nil && line != "" {
		return nil, fmt.Errorf("git %s: %s", args[0], line)
	} else if err != nil {
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	return out, nil
}

// parse reads the new sides' line numbers out of a diff without context.
func parse(diff []byte) (map[string][]span, error) {
	changed := map[string][]span{}
	file := ""
	body := 0 // lines of a hunk still to come, which may look like anything
	for in := bufio.NewReader(bytes.NewReader(diff)); ; {
		line, err := in.ReadString('\n')
		if line == "" && err != nil {
			return changed, nil
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, `\`): // No newline at end of file
		case body > 0:
			body--
		case strings.HasPrefix(line, "+++ "):
			if file, err = name(line[len("+++ "):]); err != nil {
				return nil, err
			}
		case strings.HasPrefix(line, "@@ "):
			f := strings.Fields(line)
			if len(f) < 3 {
				return nil, fmt.Errorf("git diff: cannot read %q", line)
			}
			_, gone, err1 := numbers(f[1])
			start, come, err2 := numbers(f[2])
			if err1 != nil || err2 != nil {
				return nil, fmt.Errorf("git diff: cannot read %q", line)
			}
			if body = gone + come; come > 0 {
				changed[file] = append(changed[file], span{start, start + come - 1})
			}
		}
	}
}

// name reads the path of a new side, which git puts in quotes where a byte of
// it is unusual, and ends with a tab where it holds a space.
func name(s string) (string, error) {
	s = strings.TrimSuffix(s, "\t")
	if strings.HasPrefix(s, `"`) {
		unquoted, err := strconv.Unquote(s)
		if err != nil {
			return "", fmt.Errorf("git diff: cannot read the name %s", s)
		}
		s = unquoted
	}
	return strings.TrimPrefix(s, "b/"), nil
}

// numbers reads -12,3 or +12: a line and how many.
func numbers(s string) (start, count int, err error) {
	first, second, two := strings.Cut(s[1:], ",")
	if start, err = strconv.Atoi(first); err != nil || !two {
		return start, 1, err
	}
	count, err = strconv.Atoi(second)
	return start, count, err
}
