// Package web serves a page with a drawing of a lab and its counters.
//
// Input: a lab. Output: an HTTP handler: / is the page, /json a lab.Snapshot, and
// /debug/vimage/ what package runtime/vimage/debug has of the images. The page asks
// for /json every second.
package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strings"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/runtime/vimage/debug"
)

//go:embed page.html
var page string

// Handler serves a lab.
func Handler(l *lab.Lab) http.Handler {
	mux := http.NewServeMux()
	debug.Register(mux)
	mux.HandleFunc("GET /json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(l.Snapshot()) // the client went away
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, strings.Replace(page, "<!--drawing-->", drawing(l.Snapshot()), 1))
	})
	return mux
}

// drawing returns the topology as SVG. The page's script finds nodes by their ids.
func drawing(s *lab.Snapshot) string {
	at := place(s)
	var b strings.Builder
	b.WriteString(`<svg viewBox="0 0 1000 600" role="img" aria-label="topology">`)
	for _, l := range s.Links {
		x, y := at[node(l.A)], at[node(l.B)]
		fmt.Fprintf(&b, `<line x1="%.0f" y1="%.0f" x2="%.0f" y2="%.0f"><title>%s &#x2194; %s</title></line>`,
			x.x, x.y, y.x, y.y, html.EscapeString(l.A), html.EscapeString(l.B))
	}
	for _, n := range s.Nodes {
		p, name := at[n.Name], html.EscapeString(n.Name)
		fmt.Fprintf(&b, `<g data-node="%s"><circle cx="%.0f" cy="%.0f" r="22"/><text x="%.0f" y="%.0f">%s</text></g>`, name, p.x, p.y, p.x, p.y+5, name)
	}
	b.WriteString("</svg>")
	return b.String()
}

func node(end string) string {
	name, _, _ := strings.Cut(end, ":")
	return name
}
