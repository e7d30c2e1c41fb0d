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
	root  string
	id    func() (string, error) // of this program
	trace bool                   // print a line for a result that is found
}

// verdicts returns the store of the proof's results, nil if they are to be made
// anew or cannot be kept.
func (t *tool) verdicts(c *command) verdicts.Store {
	root, err := workspace.Root("", t.env)
	if c.flag("a") || err != nil {
		return nil
	}
	return &verdictStore{root, t.id, c.flag("x")}
}

// key returns "" if this program's own file cannot be read.
func (s *verdictStore) key(program string) string {
	id, err := s.id()
	if err != nil {
		return ""
	}
	key := fingerprint.New()
	key.Words("verdicts", id, program)
	return key.String()
}

// Kept is for [verdicts.Store].
func (s *verdictStore) Kept(program string) []byte {
	key := s.key(program)
	if key == "" {
		return nil
	}
	data := workspace.Kept(s.root, key)
	if data != nil && s.trace {
		fmt.Fprintln(os.Stderr, "# the proof holds: nothing changed that it depends on")
	}
	return data
}

// Keep is for [verdicts.Store]. A cache that cannot grow is no reason to fail.
func (s *verdictStore) Keep(program string, data []byte) {
	if key := s.key(program); key != "" {
		workspace.Keep(s.root, key, data)
	}
}
