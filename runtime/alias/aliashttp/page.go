package aliashttp

import (
	"bytes"
	"fmt"
	"html"
	"strings"
)

const head = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Slots and modules</title>
<style>
body { font-family: system-ui, sans-serif; margin: 1rem; color-scheme: light dark }
table { border-collapse: collapse }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #8884 }
pre { overflow-x: auto; font-size: .85em }
form { display: inline }
</style>
</head>
<body>
`

// page lays a state out.
func (h *handler) page(s State, image string) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	title := "Slots and modules"
	if image != "" {
		title += " of image " + image
	}
	fmt.Fprintf(&b, "<h1>%s</h1>\n", html.EscapeString(title))
	b.WriteString("<h2>Slots</h2>\n<table>\n" +
		"<tr><th>Slot</th><th>Type</th><th>Modules on it, the topmost first</th></tr>\n")
	for _, g := range s.Groups {
		for _, slot := range g.Slots {
			name := slot.Name
			if g.PerImage {
				name += " (per image)"
			}
			stack := strings.Join(append(g.Stack[:len(g.Stack):len(g.Stack)], "stub"), ", ")
			fmt.Fprintf(&b, "<tr><td>%s</td><td><code>%s</code></td><td>%s</td></tr>\n",
				html.EscapeString(name), html.EscapeString(slot.ABI), html.EscapeString(stack))
		}
	}
	b.WriteString("</table>\n<h2>Modules</h2>\n<table>\n" +
		"<tr><th>Module</th><th>State</th><th>Needs</th><th>Inside</th><th></th></tr>\n")
	for _, m := range s.Modules {
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td><td>%s</td><td>", html.EscapeString(m.Name),
			html.EscapeString(m.State), html.EscapeString(strings.Join(m.Needs, ", ")))
		for _, c := range m.Inside {
			fmt.Fprintf(&b, "<details><summary>%s</summary><pre>%s</pre></details>", html.EscapeString(c.Goroutine),
				html.EscapeString(c.Stack))
		}
		b.WriteString("</td><td>")
		switch {
		case !h.writable:
		case m.State == "not loaded":
			button(&b, "load", m.Name, image)
		case m.State == "loaded" || strings.HasPrefix(m.State, "unlinked"):
			button(&b, "unload", m.Name, image)
		}
		b.WriteString("</td></tr>\n")
	}
	b.WriteString("</table>\n<h2>Latest steps</h2>\n<pre>")
	for _, line := range s.Trace {
		b.WriteString(html.EscapeString(line) + "\n")
	}
	b.WriteString("</pre>\n</body>\n</html>\n")
	return b.Bytes()
}

func button(b *bytes.Buffer, do, module, image string) {
	b.WriteString(`<form method="post">`)
	for _, field := range [][2]string{{"do", do}, {"module", module}, {"image", image}} {
		if field[1] != "" {
			fmt.Fprintf(b, `<input type="hidden" name="%s" value="%s">`, field[0], html.EscapeString(field[1]))
		}
	}
	fmt.Fprintf(b, "<button>%s</button></form>", strings.ToUpper(do[:1])+do[1:])
}
