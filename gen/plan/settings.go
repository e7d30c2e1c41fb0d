package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// SettingsFile is the name of the file, in the main module's root, that holds the user's words about
// packages that are not theirs. Each line is a verb, what it is about, and for shared a reason:
//
//	shared  github.com/some/pkg.Table  never written after start-up
//	virtual github.com/some/pkg.Cache
//	shared  github.com/some/pkg.C      its C statics are constants in truth
//
// A line that begins with # is a comment.
const SettingsFile = "vimage.settings"

// Settings are the words of one such file.
type Settings struct {
	file  string
	words map[string]setting
}

type setting struct {
	fate   Fate
	reason string
	line   int
}

// A SettingsError is a line that makes no sense.
type SettingsError struct {
	File string
	Line int
	Msg  string
}

func (e *SettingsError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg) }

// ReadSettings reads the file in dir; one that does not exist is empty.
func ReadSettings(dir string) (*Settings, error) {
	s := &Settings{file: filepath.Join(dir, SettingsFile), words: map[string]setting{}}
	text, err := os.ReadFile(s.file)
	if os.IsNotExist(err) {
		return s, nil
	} else if err != nil {
		return nil, err
	}
	for i, line := range strings.Split(string(text), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		w := setting{line: i + 1}
		switch {
		case f[0] == "shared" && len(f) > 2:
			w.fate, w.reason = Shared, strings.Join(f[2:], " ")
		case f[0] == "shared":
			return nil, &SettingsError{s.file, i + 1, "shared needs a name and a reason"}
		case f[0] == "virtual" && len(f) > 1:
			w.fate = Virtual
		default:
			return nil, &SettingsError{s.file, i + 1, "want `shared NAME REASON` or `virtual NAME`"}
		}
		s.words[f[1]] = w
	}
	return s, nil
}

func (s *Settings) word(k Key) (Fate, string, bool) {
	if s == nil {
		return 0, "", false
	}
	w, ok := s.words[k.String()]
	if !ok {
		return 0, "", false
	}
	return w.fate, fmt.Sprintf("by %s:%d: %s", SettingsFile, w.line, w.reason), true
}

// shareC reports whether the user takes the package's C statics for shared.
func (s *Settings) shareC(pkg string) bool {
	if s == nil {
		return false
	}
	w, ok := s.words[pkg+".C"]
	return ok && w.fate == Shared
}
