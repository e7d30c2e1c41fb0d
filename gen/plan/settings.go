package plan

import (
	"fmt"

	"github.com/go-vimage/vimage/analyzers/settings"
)

// SettingsFile is the name of the file, in the main module's root, that holds the user's words about
// packages that are not theirs. See package settings.
const SettingsFile = settings.File

// Settings are the words of one such file.
type Settings struct{ words map[string]settings.Word }

// A SettingsError is a line that makes no sense.
type SettingsError = settings.Error

// ReadSettings reads the file in dir; one that does not exist is empty.
func ReadSettings(dir string) (*Settings, error) {
	words, err := settings.Read(dir)
	if err != nil {
		return nil, err
	}
	return &Settings{words}, nil
}

func (s *Settings) word(k Key) (Fate, string, bool) {
	if s == nil {
		return 0, "", false
	}
	w, ok := s.words[k.String()]
	if !ok {
		return 0, "", false
	}
	fate := Virtual
	if w.Shared {
		fate = Shared
	}
	return fate, fmt.Sprintf("by %s:%d: %s", SettingsFile, w.Line, w.Reason), true
}

// shareC reports whether the user takes the package's C statics for shared.
func (s *Settings) shareC(pkg string) bool {
	return s != nil && s.words[pkg+".C"].Shared
}
