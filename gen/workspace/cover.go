package workspace

import (
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

// toolexec puts overlaycover before the user's own -toolexec.
func (w *Workspace) toolexec(overlay string, user goflags.Line) error {
	words := append(slices.Clone(w.cfg.Toolexec), overlay)
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
