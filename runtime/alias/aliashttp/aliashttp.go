package aliashttp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-vimage/vimage/runtime/alias"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// Path is what the handler serves.
const Path = "/debug/vimage/aliases"

// An Option is a wish for Handler or Register.
type Option int

// Writable lets modules be loaded and unloaded.
const Writable Option = 1

// A State is what the page shows.
type State struct {
	Groups  []Group  `json:"groups"`
	Modules []Module `json:"modules"`
	Trace   []string `json:"trace"` // the latest steps
}

// A Group has slots that change at once.
type Group struct {
	Name     string   `json:"name"`
	PerImage bool     `json:"perImage"`
	Slots    []Slot   `json:"slots"`
	Stack    []string `json:"stack"` // the modules on it, the topmost first
}

// A Slot is a function that modules override.
type Slot struct {
	Name string `json:"name"`
	ABI  string `json:"abi"`
}

// A Module is one that the program has, loaded or not.
type Module struct {
	Name     string         `json:"name"`
	State    string         `json:"state"`
	PerImage bool           `json:"perImage"`
	Needs    []string       `json:"needs"`
	Inside   []alias.Caller `json:"inside"` // goroutines that are inside
}

// Register serves the handler in mux, or in http.DefaultServeMux if that is
// nil.
func Register(mux *http.ServeMux, opts ...Option) {
	if mux == nil {
		mux = http.DefaultServeMux
	}
	mux.Handle(Path, Handler(opts...))
}

// Handler returns the handler for Path.
func Handler(opts ...Option) http.Handler {
	h := &handler{}
	for _, o := range opts {
		h.writable = h.writable || o == Writable
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, h.show)
	mux.Handle("POST "+Path, http.NewCrossOriginProtection().Handler(http.HandlerFunc(h.change)))
	return mux
}

type handler struct{ writable bool }

// within runs a function in the image that a request names, or where it is.
func within(w http.ResponseWriter, r *http.Request, f func()) {
	text := r.FormValue("image")
	if text == "" {
		f()
		return
	}
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		http.Error(w, "want the number of an image, not "+strconv.Quote(text), http.StatusBadRequest)
		return
	}
	for im := range vimage.All() {
		if im.ID() == id {
			im.Do(f)
			return
		}
	}
	http.Error(w, "there is no image "+text+", or it is over", http.StatusNotFound)
}

// Read returns the state in the current image.
func Read() State {
	s := State{Groups: []Group{}, Modules: []Module{}, Trace: alias.Traces()}
	for _, g := range alias.Groups() {
		group := Group{Name: g.Name, PerImage: g.PerImage, Stack: names(g.Layers())}
		for _, slot := range g.Slots {
			group.Slots = append(group.Slots, Slot{slot.Name, slot.ABI})
		}
		s.Groups = append(s.Groups, group)
	}
	for _, m := range alias.Known() {
		s.Modules = append(s.Modules, Module{m.Name, alias.State(m), m.PerImage, names(m.Needs), m.Inside()})
	}
	return s
}

func names(modules []*alias.Module) []string {
	out := []string{}
	for _, m := range modules {
		out = append(out, m.Name)
	}
	return out
}

func (h *handler) show(w http.ResponseWriter, r *http.Request) {
	within(w, r, func() {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		if r.FormValue("format") == "json" {
			w.Header().Set("Content-Type", "application/json")
			json.NewEncoder(w).Encode(Read()) // whoever asked has gone if this fails
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy",
			"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
		w.Write(h.page(Read(), r.FormValue("image")))
	})
}

// defaultTimeout bounds how long a POST waits for those who are inside.
const defaultTimeout = 10 * time.Second

func (h *handler) change(w http.ResponseWriter, r *http.Request) {
	if !h.writable {
		http.Error(w, "modules cannot be loaded and unloaded here: the handler was made without Writable",
			http.StatusForbidden)
		return
	}
	timeout := defaultTimeout
	if text := r.FormValue("timeout"); text != "" {
		var err error
		if timeout, err = time.ParseDuration(text); err != nil {
			http.Error(w, "timeout: "+err.Error(), http.StatusBadRequest)
			return
		}
	}
	within(w, r, func() {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		if status, err := do(ctx, r); err != nil {
			http.Error(w, err.Error(), status)
			return
		}
		at := Path
		if image := r.FormValue("image"); image != "" {
			at += "?image=" + image
		}
		http.Redirect(w, r, at, http.StatusSeeOther)
	})
}

// do does what a form asks for.
func do(ctx context.Context, r *http.Request) (status int, err error) {
	m := alias.Find(r.FormValue("module"))
	if m == nil {
		return http.StatusNotFound, fmt.Errorf("there is no module %q", r.FormValue("module"))
	}
	switch word := r.FormValue("do"); word {
	case "load":
		err = alias.Load(ctx, m)
	case "unload":
		err = alias.Unload(ctx, m)
	case "replace":
		by := alias.Find(r.FormValue("by"))
		if by == nil {
			return http.StatusNotFound, fmt.Errorf("there is no module %q", r.FormValue("by"))
		}
		err = alias.Replace(ctx, m, by)
	default:
		return http.StatusBadRequest, fmt.Errorf("do: want load, unload or replace, not %q", word)
	}
	return http.StatusConflict, err
}
