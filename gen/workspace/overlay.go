package workspace

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// An Overlay is what the go command's -overlay file says: a path as tools see
// it -> the file whose content stands there; "" for a file that shall not
// exist.
type Overlay map[string]string

type overlayJSON struct{ Replace Overlay }

// ReadOverlay reads an overlay file. Its paths, relative to dir, come out
// absolute. No file, no entries.
func ReadOverlay(dir, file string) (Overlay, error) {
	o := Overlay{}
	if file == "" {
		return o, nil
	}
	data, err := os.ReadFile(AbsFrom(dir, file))
	if err != nil {
		return nil, fmt.Errorf("reading overlay: %w", err)
	}
	var j overlayJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, fmt.Errorf("parsing overlay %s: %w", file, err)
	}
	for from, to := range j.Replace {
		if to != "" {
			to = AbsFrom(dir, to)
		}
		o[AbsFrom(dir, from)] = to
	}
	return o, nil
}

// write writes the overlay file into a folder and returns its path.
func (o Overlay) write(folder string) (string, error) {
	data, err := json.MarshalIndent(overlayJSON{o}, "", "\t")
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "overlay.json")
	return file, os.WriteFile(file, data, 0o666)
}

// AbsFrom returns a path that is relative to a folder, or absolute, as an
// absolute one.
func AbsFrom(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}
