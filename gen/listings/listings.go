package listings

import (
	"bytes"
	"context"
	"crypto/sha256"

	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/load"
)

// A Store keeps data by keys that are file names. Its caller sees to it that
// what another version of this program kept has other keys.
type Store interface {
	Kept(key string) []byte          // nil if there is nothing
	Replace(key string, data []byte) // in place of what was kept
}

// A Cache finds and keeps lists. It is for one command, and not safe for
// concurrent use.
type Cache struct {
	store Store
	first map[string]string // key -> state of the list that go list printed first
}

// New returns a cache over a store.
func New(store Store) *Cache { return &Cache{store, map[string]string{}} }

// A Query is a program to be listed.
type Query struct {
	Config   *load.Config
	Patterns []string

	// Key stands for the flags, the environment and the overlay: equal keys and
	// patterns make the go command do the same, on the same files.
	Key string

	GOMOD, GOWORK, GOMODCACHE string // as go env prints them
	Modfile                   string // in place of GOMOD, "" for none: an absolute path

	// Identify hashes what go list reads of the files that a list names, and the
	// list itself.
	Identify func(*load.Listing) (string, error)
}

// List returns the list of a program, with what q.Identify says of it, which is
// called last for that list. A nil Cache asks the go command.
func (c *Cache) List(ctx context.Context, q *Query) (_ *load.Listing, id string, err error) {
	if c == nil || !q.listable() {
		return q.list(ctx)
	}
	h := fingerprint.New()
	h.Words("go list", q.Key, q.GOMOD, q.GOWORK, q.GOMODCACHE, q.Modfile)
	h.Words("patterns", q.Patterns...)
	key := h.String()
	if data := c.store.Kept(key); len(data) > stateSize {
		l, id, state := q.now(data[stateSize:])
		if state != "" && state == string(data[:stateSize]) {
			return l, id, nil
		}
		if _, listed := c.first[key]; !listed {
			c.first[key] = state // if go list prints the same list, nothing changed since this moment
		}
	}
	l, id, err := q.list(ctx)
	if err != nil {
		return nil, "", err
	}
	state, ok := q.state(l, id)
	if !ok {
		return l, id, nil
	}
	if state == c.first[key] {
		c.store.Replace(key, append([]byte(state), l.Output...))
	}
	c.first[key] = state
	return l, id, nil
}

// list asks the go command.
func (q *Query) list(ctx context.Context) (*load.Listing, string, error) {
	l, err := load.List(ctx, q.Config, q.Patterns)
	if err != nil {
		return nil, "", err
	}
	id, err := q.Identify(l)
	return l, id, err
}

// now returns the list that go list printed once, and the state that it has
// today, "" if that is not known.
func (q *Query) now(output []byte) (l *load.Listing, id, state string) {
	l, err := load.Parse(output)
	if err != nil {
		return nil, "", ""
	}
	if id, err = q.Identify(l); err != nil {
		return nil, "", ""
	}
	state, _ = q.state(l, id)
	return l, id, state
}

const stateSize = 2 * sha256.Size // of a fingerprint in hexadecimal

// state hashes all that decides a list, with what Identify says of it. It
// reports false if that is not known.
func (q *Query) state(l *load.Listing, id string) (state string, ok bool) {
	h := fingerprint.New()
	h.Words("files", id, string(bytes.TrimSpace(l.Output)))
	s := &surroundings{q: q, h: h, named: map[string]bool{}, done: map[string]bool{}}
	if !s.add(l) {
		return "", false
	}
	return h.String(), true
}
