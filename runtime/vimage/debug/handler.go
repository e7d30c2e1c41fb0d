package debug

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/look"
	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/stacks"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl/sysctlhttp"
)

// An Option is a wish for Handler or Register.
type Option int

const (
	Writable Option = iota + 1 // sysctls can be set
	Maps                       // entries of maps are read, even where that has a risk: see Limits
)

// Root is below what the handler serves.
const Root = "/debug/vimage/"

// Register serves the handler in mux, or in http.DefaultServeMux if that is
// nil.
func Register(mux *http.ServeMux, opts ...Option) {
	if mux == nil {
		mux = http.DefaultServeMux
	}
	mux.Handle(Root, Handler(opts...))
}

// Handler returns the handler for all below Root.
func Handler(opts ...Option) http.Handler {
	h := &handler{modules: readModules()}
	for _, o := range opts {
		h.writable = h.writable || o == Writable
		if o == Maps {
			h.maps = look.Iteration
		}
	}
	if look.KnowsMaps() {
		h.maps = look.Snapshot
	}
	var sysctlOptions []sysctlhttp.Option
	if h.writable {
		sysctlOptions = append(sysctlOptions, sysctlhttp.Writable)
	}
	h.sysctl = sysctlhttp.Handler(sysctlOptions...)
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root+"{$}", page("page.html", "text/html; charset=utf-8"))
	mux.HandleFunc("GET "+Root+"page.js", page("page.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET "+Root+"view.js", page("view.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET "+Root+"page.css", page("page.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET "+Root+"images", func(w http.ResponseWriter, r *http.Request) { reply(w, Images()) })
	mux.HandleFunc("GET "+Root+"image/{id}", h.image)
	mux.Handle("POST "+Root+"image/{id}", http.NewCrossOriginProtection().Handler(http.HandlerFunc(h.image)))
	mux.HandleFunc(Root+"image/{id}/sysctl/{name...}", h.setting)
	mux.HandleFunc("GET "+Root+"image/{id}/goroutines", h.goroutines)
	mux.HandleFunc("GET "+Root+"image/{id}/stacks", h.stacks)
	mux.HandleFunc("GET "+Root+"diff", h.diff)
	mux.HandleFunc("GET "+Root+"search", h.find)
	mux.HandleFunc("GET "+Root+"cpu", h.cpu)
	mux.HandleFunc("GET "+Root+"profile", cpuProfile)
	mux.HandleFunc("GET "+Root+"goroutine", goroutineProfile)
	mux.HandleFunc("GET "+Root+"metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		WriteMetrics(w)
	})
	return mux
}

type handler struct {
	writable bool
	maps     look.MapReading
	modules  modules
	sysctl   http.Handler
}

//go:embed page
//vimage:shared the pages are only read
var pages embed.FS

func page(name, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := pages.ReadFile(path.Join("page", name))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Write(text)
	}
}

// named returns the image that a request speaks of, or answers that there is
// none.
func named(w http.ResponseWriter, text string) *vimage.Image {
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		http.Error(w, "want the number of an image, not "+strconv.Quote(text), http.StatusBadRequest)
		return nil
	}
	im := find(id)
	if im == nil {
		http.Error(w, "there is no image "+text+", or it is over", http.StatusNotFound)
	}
	return im
}

// The most that can be asked for in depth, and of one node's children.
const (
	mostDepth    = 20
	mostChildren = 10000
)

// limits are those of the page; a request can ask for others. A POST may ask
// for the entries of maps where reading them has a risk.
func (h *handler) limits(w http.ResponseWriter, r *http.Request) (look.Limits, bool) {
	l := look.Limits{Depth: 4, Children: 100, Nodes: 2000, Text: 200, Maps: h.maps}
	for _, p := range []struct {
		name  string
		value *int
		most  int
	}{{"depth", &l.Depth, mostDepth}, {"children", &l.Children, mostChildren}} {
		ok := false
		if *p.value, ok = wanted(w, r, p.name, 0, p.most, *p.value); !ok {
			return l, false
		}
	}
	l.Nodes = max(l.Nodes, 20*l.Children)
	switch maps := r.FormValue("maps"); {
	case maps == "":
	case maps != "iterate" || r.Method != http.MethodPost:
		http.Error(w, "maps: want iterate, in a POST", http.StatusBadRequest)
		return l, false
	case l.Maps == look.NoMaps:
		l.Maps = look.Iteration
	}
	return l, true
}

// wanted returns a number that a request has, or otherwise, or answers that it
// is none.
func wanted(w http.ResponseWriter, r *http.Request, name string, least, most, otherwise int) (n int, ok bool) {
	text := r.FormValue(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		http.Error(w, fmt.Sprintf("%s: want %d to %d, not %q", name, least, most, text), http.StatusBadRequest)
		return 0, false
	}
	return n, true
}

func (h *handler) image(w http.ResponseWriter, r *http.Request) {
	limits, ok := h.limits(w, r)
	if !ok {
		return
	}
	sel := selection{variable: r.FormValue("variable")} // parses the form
	sel.packages = r.Form["package"]
	switch read := r.FormValue("read"); read {
	case "", "all":
		sel.read = func(Package) bool { return true }
	case "own":
		sel.read = func(p Package) bool { return p.Own }
	case "none":
		sel.read = func(Package) bool { return false }
	default:
		http.Error(w, "read: want all, own or none, not "+strconv.Quote(read), http.StatusBadRequest)
		return
	}
	if im := named(w, r.PathValue("id")); im != nil {
		reply(w, h.detail(im, sel, limits))
	}
}

func (h *handler) diff(w http.ResponseWriter, r *http.Request) {
	limits, ok := h.limits(w, r)
	if !ok {
		return
	}
	a := named(w, r.FormValue("a"))
	if a == nil {
		return
	}
	if b := named(w, r.FormValue("b")); b != nil {
		reply(w, h.compare(a, b, limits))
	}
}

func (h *handler) find(w http.ResponseWriter, r *http.Request) {
	limits, ok := h.limits(w, r)
	if !ok {
		return
	}
	q := query{word: strings.ToLower(r.FormValue("q")), values: r.FormValue("values") != "", std: r.FormValue("std") != ""}
	if q.word == "" {
		http.Error(w, "q: want a part of a variable's name", http.StatusBadRequest)
		return
	}
	reply(w, h.search(shown(), q, limits))
}

// setting has package sysctlhttp answer, in the image.
func (h *handler) setting(w http.ResponseWriter, r *http.Request) {
	im := named(w, r.PathValue("id"))
	if im == nil {
		return
	}
	inner := r.Clone(r.Context())
	inner.URL.Path = "/sysctl/" + r.PathValue("name")
	if !within(im, func() { h.sysctl.ServeHTTP(w, inner) }) {
		http.Error(w, "image "+im.Name()+" is over", http.StatusConflict)
	}
}

func (h *handler) goroutines(w http.ResponseWriter, r *http.Request) {
	if im := named(w, r.PathValue("id")); im != nil {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte(im.Stacks()))
	}
}

func (h *handler) stacks(w http.ResponseWriter, r *http.Request) {
	if im := named(w, r.PathValue("id")); im != nil {
		reply(w, stacks.Parse(im.Stacks()))
	}
}

// cpu answers with the CPU time of each image, sampled for some seconds.
func (h *handler) cpu(w http.ResponseWriter, r *http.Request) {
	seconds, ok := wanted(w, r, "seconds", 1, 600, 5)
	if !ok {
		return
	}
	c, err := h.sampleCPU(r.Context(), time.Duration(seconds)*time.Second)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	reply(w, c)
}

// cpuProfile answers with a CPU profile of the whole process.
func cpuProfile(w http.ResponseWriter, r *http.Request) {
	seconds, ok := wanted(w, r, "seconds", 1, 3600, 30)
	if !ok {
		return
	}
	attach(w, "profile")
	if err := pprof.StartCPUProfile(w); err != nil {
		w.Header().Del("Content-Disposition")
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	defer pprof.StopCPUProfile()
	select {
	case <-time.After(time.Duration(seconds) * time.Second):
	case <-r.Context().Done():
	}
}

func goroutineProfile(w http.ResponseWriter, r *http.Request) {
	attach(w, "goroutine")
	pprof.Lookup("goroutine").WriteTo(w, 0)
}

func attach(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(v) // whoever asked has gone if this fails
}
