package workspace

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// covers reports whether flags ask for coverage.
func covers(user goflags.Line) bool {
	if user.Bool("cover") {
		return true
	}
	return slices.ContainsFunc([]string{"covermode", "coverpkg", "coverprofile"}, func(name string) bool {
		_, ok := user.Last(name)
		return ok
	})
}

// embedexec writes what package overlayembed reads, and puts it before the
// compiler.
func (w *Workspace) embedexec() error {
	if w.cfg.Embedexec == nil {
		return nil
	}
	data, err := json.MarshalIndent(w.embed, "", "\t")
	if err != nil {
		return err
	}
	file := filepath.Join(w.Dir, "embed.json")
	w.wrap = slices.Concat(w.cfg.Embedexec, []string{file}, w.wrap)
	return os.WriteFile(file, data, 0o666)
}

// infoexec writes what package buildinfo reads, and puts it before the linker.
func (w *Workspace) infoexec(user goflags.Line) error {
	if w.cfg.Infoexec == nil || len(w.cfg.Files) == 0 {
		return nil
	}
	w.info.Ldflags, _ = user.Last("ldflags")
	file := filepath.Join(w.Dir, "buildinfo.json")
	w.wrap = slices.Concat(w.cfg.Infoexec, []string{file}, w.wrap)
	return w.info.Write(file)
}

// toolexec puts our commands before the user's own -toolexec.
func (w *Workspace) toolexec(user goflags.Line) error {
	if w.wrap == nil {
		return nil
	}
	words := slices.Clone(w.wrap)
	if v, ok := user.Last("toolexec"); ok {
		own, err := goflags.Split(v)
		if err != nil {
			return err
		}
		words = append(words, own...)
	}
	value, err := goflags.Join(words)
	if err != nil {
		return err
	}
	w.Flags = append(w.Flags, "-toolexec="+value)
	return nil
}
