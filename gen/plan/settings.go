package plan

import (
	"fmt"
	"go/token"
	"path/filepath"

	"github.com/go-vimage/vimage/analyzers/perprocess"
	"github.com/go-vimage/vimage/analyzers/settings"
)

// SettingsFile is the name of the file, in the main module's root, that holds
// the user's words about packages that are not theirs. See package settings.
const SettingsFile = settings.File

// Settings are the words of one such file.
type Settings struct {
	file  string
	words map[string]settings.Word
	wrong []*settings.Error

	process *perprocess.Table
}

// ReadSettings reads the file in dir; one that does not exist is empty. What is
// wrong with its lines becomes the plan's Problems.
func ReadSettings(dir string) (*Settings, error) {
	words, wrong, err := settings.ReadAll(dir)
	if err != nil {
		return nil, err
	}
	process, err := perprocess.NewTable()
	if err != nil {
		return nil, err
	}
	return &Settings{filepath.Join(dir, SettingsFile), words, wrong, process}, nil
}

func (s *Settings) problem(line int, format string, args ...any) Problem {
	return Problem{token.Position{Filename: s.file, Line: line}, fmt.Sprintf(format, args...)}
}

func (s *Settings) word(k Key) (Fate, string, bool) {
	if s == nil {
		return 0, "", false
	}
	w, ok := s.words[k.String()]
	if !ok {
		return 0, "", false
	}
	return wordFate(w), fmt.Sprintf("by %s:%d: %s", SettingsFile, w.Line, w.Reason), true
}

func wordFate(w settings.Word) Fate {
	if w.Shared {
		return Shared
	}
	return Virtual
}

// shareCode reports whether the user says that the package changes code that it
// may change for all images.
func (s *Settings) shareCode(pkg string) bool {
	return s != nil && s.words[pkg+"."+codeWord].Shared
}

// shareCall reports whether the user says that images may share what the
// function does to the process.
func (s *Settings) shareCall(f perprocess.Function) bool {
	return s != nil && s.words[f.String()].Shared
}

// shareC reports whether the user takes the package's C statics for shared.
func (s *Settings) shareC(pkg string) bool {
	return s != nil && s.words[pkg+".C"].Shared
}
