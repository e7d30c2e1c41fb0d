package debug

import (
	"embed"
	"encoding/json"
	"net/http"
	"path"
	"runtime/pprof"
	"strconv"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/look"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl/sysctlhttp"
)

// An Option is a wish for Handler or Register.
type Option int

const (
	Writable Option = iota + 1 // sysctls can be set
	Maps                       // entries of maps are read, at the risk that the package's documentation tells
)

// Root is below what the handler serves.
const Root = "/debug/vimage/"

// Register serves the handler in mux, or in http.DefaultServeMux if that is nil.
func Register(mux *http.ServeMux, opts ...Option) {
	if mux == nil {
		mux = http.DefaultServeMux
	}
	mux.Handle(Root, Handler(opts...))
}

// Handler returns the handler for all below Root.
func Handler(opts ...Option) http.Handler {
	h := &handler{}
	for _, o := range opts {
		h.writable = h.writable || o == Writable
		h.maps = h.maps || o == Maps
	}
	var sysctlOptions []sysctlhttp.Option
	if h.writable {
		sysctlOptions = append(sysctlOptions, sysctlhttp.Writable)
	}
	h.sysctl = sysctlhttp.Handler(sysctlOptions...)
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root+"{$}", page("page.html", "text/html; charset=utf-8"))
	mux.HandleFunc("GET "+Root+"page.js", page("page.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET "+Root+"page.css", page("page.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET "+Root+"images", func(w http.ResponseWriter, r *http.Request) { reply(w, Images()) })
	mux.HandleFunc("GET "+Root+"image/{id}", h.image)
	mux.HandleFunc(Root+"image/{id}/sysctl/{name...}", h.setting)
	mux.HandleFunc("GET "+Root+"image/{id}/goroutines", h.goroutines)
	mux.HandleFunc("GET "+Root+"diff", h.diff)
	mux.HandleFunc("GET "+Root+"profile", profile)
	mux.HandleFunc("GET "+Root+"goroutine", goroutine)
	mux.HandleFunc("GET "+Root+"metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		WriteMetrics(w)
	})
	return mux
}

type handler struct {
	writable, maps bool
	sysctl         http.Handler
}

//go:embed page
var pages embed.FS

func page(name, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := pages.ReadFile(path.Join("page", name))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Write(text)
	}
}

// named returns the image that a request speaks of, or answers that there is none.
func named(w http.ResponseWriter, text string) *vimage.Image {
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		http.Error(w, "want the number of an image, not "+strconv.Quote(text), http.StatusBadRequest)
		return nil
	}
	im := find(id)
	if im == nil {
		http.Error(w, "there is no live image "+text, http.StatusNotFound)
	}
	return im
}

// limits are those of the page; depth can be asked for.
func (h *handler) limits(w http.ResponseWriter, r *http.Request) (look.Limits, bool) {
	l := look.Limits{Depth: 4, Children: 100, Nodes: 2000, Text: 200, Maps: h.maps}
	if text := r.FormValue("depth"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 20 {
			http.Error(w, "depth: want 0 to 20, not "+strconv.Quote(text), http.StatusBadRequest)
			return l, false
		}
		l.Depth = n
	}
	return l, true
}

func (h *handler) image(w http.ResponseWriter, r *http.Request) {
	limits, ok := h.limits(w, r)
	if !ok {
		return
	}
	if im := named(w, r.PathValue("id")); im != nil {
		reply(w, h.detail(im, r.FormValue("package"), limits))
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
		reply(w, compare(a, b, limits))
	}
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

// profile answers with a CPU profile of the whole process.
func profile(w http.ResponseWriter, r *http.Request) {
	seconds := 30
	if text := r.FormValue("seconds"); text != "" {
		var err error
		if seconds, err = strconv.Atoi(text); err != nil || seconds < 1 || seconds > 3600 {
			http.Error(w, "seconds: want 1 to 3600, not "+strconv.Quote(text), http.StatusBadRequest)
			return
		}
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

func goroutine(w http.ResponseWriter, r *http.Request) {
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
