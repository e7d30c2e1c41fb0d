package cli

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/cutoff"
	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/verdicts"
	"github.com/go-vimage/vimage/gen/workspace"
)

// A made program is what the go command needs to build a program that was
// planned and rewritten, and the lines that the user gets. The cache keeps it,
// so that vimagegen does not plan or rewrite an unchanged program again.
type made struct {
	Files   map[string][]byte // as in gen.Result
	Deleted []string          // the paths in Files without content: gob cannot tell nil from empty
	Named   []string          // as in gen.Result
	Vet     string            // as in gen.Result
	Embeds  bool              // as in gen.Result
	Watch   bool              // Separate in gen.Result
	Reasons string            // of virtual variables, for -isolate=test: see reasons
	Lines   []string          // for standard error

	// edited are the files whose edits do not matter, if this was found as what
	// was made of another program: see package cutoff.
	edited []string
}

// A recall finds and keeps made programs. It is for one command.
type recall struct {
	root string // of the cache
	self string // identity of this program and of the command
	key  string // of the program that was asked for; "" before that
	made *made  // what was found
	// prog is the program that was asked for, if it was not found, and why says
	// what that depends on.
	prog *cutoff.Program
	why  string
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
	f := c.report
	self.Words("command", id, c.verb, fmt.Sprint(c.several(), c.starts, f.json, f.tests, f.std, f.html != "", f.fate))
	return &recall{root: root, self: self.String()}
}

// keyOf returns the key in the cache for what was made of an input.
func (r *recall) keyOf(id string) string {
	key := fingerprint.New()
	key.Words("key", r.self, id)
	return key.String()
}

// known is gen.Request.Known.
func (r *recall) known(id *gen.Identity) bool {
	r.key = r.keyOf(id.ID)
	if r.made = r.find(r.key); r.made == nil {
		r.made = r.patched(id)
	}
	return r.made != nil
}

// find returns nil if nothing is stored under a key.
func (r *recall) find(key string) *made {
	m := new(made)
	if !r.get(key, m) {
		return nil
	}
	for _, path := range m.Deleted {
		m.Files[path] = nil
	}
	return m
}

// patched returns what was made of a program that differs by edits which do not
// matter, with these edits.
func (r *recall) patched(id *gen.Identity) *made {
	r.prog = cutoff.Scan(id.Frame, id.Sources)
	var (
		free cutoff.Literals
		base cutoff.Base
	)
	r.why = "no program is known that differs by comments, layout and values of literals alone"
	if !r.get(r.keyOf(r.prog.Key()), &free) {
		return nil
	}
	r.why = "a literal differs on whose value the plan may depend"
	key := r.prog.ValueKey(free)
	if key == "" || !r.get(r.keyOf(key), &base) {
		return nil
	}
	files, edited, err := base.Rewrite(r.prog)
	if err != nil {
		r.why = err.Error()
		return nil
	}
	m := r.find(base.Made)
	if m != nil {
		maps.Copy(m.Files, files)
		m.edited = edited
	}
	return m
}

// A keeping is what is to be stored of a program that was made.
type keeping struct {
	made *made
	free cutoff.Literals
	base *cutoff.Base // nil if nothing can be told of other programs
}

// keeping collects what is to be stored of a result.
func (r *recall) keeping(m *made, res *gen.Result) keeping {
	k := keeping{made: m}
	if r.prog != nil && res.Patches != nil {
		k.free = r.prog.Literals(verdicts.Free(res.Plan.Prog))
		texts := slices.Concat(m.Lines, []string{m.Reasons}, res.Places)
		k.base = cutoff.NewBase(r.prog, r.key, m.Files, res.Patches, texts)
	}
	return k
}

// keep stores what was made of a request, unless files changed meanwhile. It
// may run beside the go command. A cache that cannot grow is no reason to fail.
func (r *recall) keep(ctx context.Context, req gen.Request, k keeping) {
	if !r.still(ctx, req) {
		return
	}
	if r.put(r.key, k.made) && k.base != nil && r.put(r.keyOf(r.prog.Key()), k.free) {
		r.put(r.keyOf(r.prog.ValueKey(k.free)), k.base)
	}
}

// still reports whether a request's program is the one that was asked for, now
// that it is read.
func (r *recall) still(ctx context.Context, req gen.Request) bool {
	before := r.key
	id, err := gen.Identify(ctx, req)
	return err == nil && before != "" && r.keyOf(id.ID) == before
}

// A listingStore is a [listings.Store] in a recall's cache.
type listingStore struct{ *recall }

func (s listingStore) key(id string) string { return s.keyOf("list " + id) }

func (s listingStore) Kept(id string) []byte { return workspace.Kept(s.root, s.key(id)) }

func (s listingStore) Replace(id string, data []byte) {
	workspace.Replace(s.root, s.key(id), data) // a cache that cannot grow is no reason to fail
}

// get decodes what is stored under a key. It reports false if there is nothing.
func (r *recall) get(key string, to any) bool {
	data := workspace.Kept(r.root, key)
	return data != nil && gob.NewDecoder(bytes.NewReader(data)).Decode(to) == nil
}

// put stores a value under a key, and reports whether it did.
func (r *recall) put(key string, value any) bool {
	var data bytes.Buffer
	return gob.NewEncoder(&data).Encode(value) == nil && workspace.Keep(r.root, key, data.Bytes()) == nil
}

// anew says, for -x, why nothing was found; it returns "" where nothing was
// looked for.
func (r *recall) anew(dir string) string {
	if r == nil || r.why == "" {
		return ""
	}
	return "# planned and rewritten anew: " + strings.ReplaceAll(r.why, dir+string(filepath.Separator), "")
}

// unchanged says, for -x, that a result is from the cache.
const unchanged = "# nothing changed since it was planned"

// note says what was found, for -x.
func (m *made) note(dir string) string {
	if m.edited == nil {
		return unchanged
	}
	var names []string
	for _, path := range m.edited {
		names = append(names, gen.Rel(dir, path))
	}
	return "# the plan holds: nothing that it depends on changed in " + strings.Join(names, ", ")
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
