package cli

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"fmt"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/workspace"
)

// A made program is what the go command needs to build a program that was
// planned and rewritten, and the lines that the user gets. The cache keeps it, so
// that vimagegen does not plan or rewrite an unchanged program again.
type made struct {
	Files   map[string][]byte // as in gen.Result
	Deleted []string          // the paths in Files without content: gob cannot tell nil from empty
	Named   []string          // as in gen.Result
	Vet     string            // as in gen.Result
	Embeds  bool              // as in gen.Result
	Watch   bool              // Separate in gen.Result
	Reasons string            // of virtual variables, for -isolate=test: see reasons
	Lines   []string          // for standard error
}

// A recall finds and keeps made programs. It is for one command.
type recall struct {
	root string // of the cache
	self string // identity of this program and of the command
	key  string // of the program that was asked for; "" before that
	made *made  // what was found
}

// newRecall returns nil if nothing is to be recalled: where the user asks for
// everything anew, or for what is not kept.
func (t *tool) newRecall(c *command) *recall {
	if c.stats != "" || c.flag("a") {
		return nil
	}
	root, err := workspace.Root("", t.env)
	if err != nil {
		return nil
	}
	id, err := t.id()
	if err != nil {
		return nil
	}
	self := fingerprint.New()
	self.Words("command", id, c.verb, fmt.Sprint(c.several(), c.starts))
	return &recall{root: root, self: self.String()}
}

// keyOf returns the key in the cache for what was made of an input.
func (r *recall) keyOf(id string) string {
	key := fingerprint.New()
	key.Words("key", r.self, id)
	return key.String()
}

// known is gen.Request.Known.
func (r *recall) known(id string) bool {
	r.key = r.keyOf(id)
	data := workspace.Kept(r.root, r.key)
	if data == nil {
		return false
	}
	m := new(made)
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(m); err != nil {
		return false
	}
	for _, path := range m.Deleted {
		m.Files[path] = nil
	}
	r.made = m
	return true
}

// keep stores what was made of a request, unless files changed meanwhile. It
// may run beside the go command.
func (r *recall) keep(ctx context.Context, req gen.Request, m *made) {
	before := r.key
	id, err := gen.Identify(ctx, req)
	if err != nil || before == "" || r.keyOf(id) != before {
		return
	}
	var data bytes.Buffer
	if gob.NewEncoder(&data).Encode(m) == nil {
		workspace.Keep(r.root, before, data.Bytes()) // a cache that cannot grow is no reason to fail
	}
}

// A listingStore is a [listings.Store] in a recall's cache.
type listingStore struct{ *recall }

func (s listingStore) key(id string) string { return s.keyOf("list " + id) }

func (s listingStore) Kept(id string) []byte { return workspace.Kept(s.root, s.key(id)) }

func (s listingStore) Replace(id string, data []byte) {
	workspace.Replace(s.root, s.key(id), data) // a cache that cannot grow is no reason to fail
}

// knownNotes is generate.Request.Known.
func (r *recall) knownNotes(id string) (notes []string, ok bool) {
	data := workspace.Kept(r.root, r.keyOf(id))
	return notes, data != nil && json.Unmarshal(data, &notes) == nil
}

// keepNotes is generate.Request.Keep.
func (r *recall) keepNotes(id string, notes []string) {
	if data, err := json.Marshal(notes); err == nil {
		workspace.Keep(r.root, r.keyOf(id), data)
	}
}
