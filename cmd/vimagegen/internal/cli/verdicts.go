package cli

import (
	"fmt"
	"os"

	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/verdicts"
	"github.com/go-vimage/vimage/gen/workspace"
)

// A verdictStore keeps results of the proof in the cache, each for the version
// of this program that made it.
type verdictStore struct {
	root, self string
	trace      bool // print a line for a result that is found
}

// verdicts returns the store of the proof's results, nil if they are to be made
// anew or cannot be kept.
func (t *tool) verdicts(c *command) verdicts.Store {
	root, err := workspace.Root("", t.env)
	if c.flag("a") || err != nil {
		return nil
	}
	self := fingerprint.New()
	if self.File(t.self) != nil {
		return nil
	}
	return &verdictStore{root, self.String(), c.flag("x")}
}

func (s *verdictStore) key(id string) string {
	key := fingerprint.New()
	key.Words("verdicts", s.self, id)
	return key.String()
}

// Kept is for [verdicts.Store].
func (s *verdictStore) Kept(id string) []byte {
	data := workspace.Kept(s.root, s.key(id))
	if data != nil && s.trace {
		fmt.Fprintln(os.Stderr, "# the proof holds: nothing changed that it depends on")
	}
	return data
}

// Keep is for [verdicts.Store]. A cache that cannot grow is no reason to fail.
func (s *verdictStore) Keep(id string, data []byte) { workspace.Keep(s.root, s.key(id), data) }
