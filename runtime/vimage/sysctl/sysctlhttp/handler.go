// Package sysctlhttp serves the current image's sysctls as JSON. It is apart
// from package sysctl so that programs without it do not link net/http.
//
//	http.Handle("/sysctl", sysctlhttp.Handler())
//	http.Handle("/sysctl/", sysctlhttp.Handler(sysctlhttp.Writable))
//
// GET of /sysctl lists all, GET of /sysctl/NAME those of that name and below
// it. With [Writable], PUT of /sysctl/NAME with {"value": V} sets one, and
// answers with it; V is of the JSON type that GET showed, or a string that
// spells the value. A failure answers {"error": TEXT, "kind": KIND}, where the
// kind, and the status, are unknown (404), type (400), range (422), readonly
// (403) or refused (409, by the sysctl's own function). What is not writable
// here is readonly too. A page of another origin cannot write.
//
// The image is the one that the request is served in: that of the server.
package sysctlhttp

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"reflect"
	"strings"

	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

// An Option is a wish for Handler.
type Option int

// Writable has PUT change values.
const Writable Option = iota + 1

// longest is the length of a request's body that is read.
const longest = 1 << 20

// Handler returns a handler for /sysctl and what is below it.
func Handler(opts ...Option) http.Handler {
	h := handler{}
	for _, o := range opts {
		h.writable = h.writable || o == Writable
	}
	return http.NewCrossOriginProtection().Handler(h)
}

type handler struct{ writable bool }

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		list := sysctl.List(name)
		if len(list) == 0 && name != "" {
			fail(w, &sysctl.Error{Name: name, Err: sysctl.ErrUnknown})
			return
		}
		out := make([]Sysctl, len(list))
		for i, s := range list {
			out[i] = New(s)
		}
		reply(w, http.StatusOK, out)
	case http.MethodPut:
		if !h.writable {
			fail(w, &sysctl.Error{Name: name, Err: sysctl.ErrReadOnly, Detail: "by this handler"})
			return
		}
		if err := put(w, r, name); err != nil {
			fail(w, err)
			return
		}
		info, err := sysctl.Lookup(name)
		if err != nil {
			fail(w, err)
			return
		}
		reply(w, http.StatusOK, New(info))
	default:
		w.Header().Set("Allow", "GET, HEAD, PUT")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

// put sets what the request says.
func put(w http.ResponseWriter, r *http.Request, name string) error {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, longest))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	var body struct{ Value *any }
	if err := dec.Decode(&body); err != nil || body.Value == nil {
		return &sysctl.Error{Name: name, Err: sysctl.ErrType, Detail: `want {"value": V}`}
	}
	value := *body.Value
	if n, ok := value.(json.Number); ok {
		value = n.String()
		if info, err := sysctl.Lookup(name); err == nil {
			if _, isString := info.Value.(string); isString || info.Type == "duration" || info.Type == "bool" {
				return &sysctl.Error{Name: name, Err: sysctl.ErrType, Detail: "want " + info.Type + ", not a number"}
			}
		}
	}
	return sysctl.Set(name, value)
}

// A Sysctl is how one is shown in JSON.
type Sysctl struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Type        string   `json:"type"`
	Writable    bool     `json:"writable"`
	Value       any      `json:"value"` // boolean, number or string; durations and enumerations are strings
	Min         string   `json:"min,omitempty"`
	Max         string   `json:"max,omitempty"`
	OneOf       []string `json:"oneof,omitempty"`
}

// New returns what is shown of a sysctl.
func New(s sysctl.Info) Sysctl {
	value := any(s.Text)
	switch v := reflect.ValueOf(s.Value); {
	case v.Kind() == reflect.Bool:
		value = v.Bool()
	case s.Type == "duration" || s.Type != "string" && s.OneOf != nil:
	case v.CanFloat() && (math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0)):
	case v.CanInt() || v.CanUint() || v.CanFloat():
		value = json.Number(s.Text)
	}
	return Sysctl{s.Name, s.Description, s.Type, s.Writable, value, s.Min, s.Max, s.OneOf}
}

func fail(w http.ResponseWriter, err error) {
	status, kind := http.StatusConflict, "refused"
	for _, k := range []struct {
		err    error
		status int
		kind   string
	}{
		{sysctl.ErrUnknown, http.StatusNotFound, "unknown"},
		{sysctl.ErrType, http.StatusBadRequest, "type"},
		{sysctl.ErrRange, http.StatusUnprocessableEntity, "range"},
		{sysctl.ErrReadOnly, http.StatusForbidden, "readonly"},
	} {
		if errors.Is(err, k.err) {
			status, kind = k.status, k.kind
		}
	}
	reply(w, status, map[string]string{"error": err.Error(), "kind": kind})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.Encode(v) // whoever asked has gone if this fails
}
