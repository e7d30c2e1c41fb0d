package report

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
)

//go:embed page
var pageFiles embed.FS

// WriteHTML writes the report as one page that needs no other file and no
// network. The totals and the table of packages are in its markup; the list of
// variables is data, of which a script shows a hundred at a time.
func WriteHTML(w io.Writer, r *Report) error {
	read := func(name string) string {
		text, err := pageFiles.ReadFile("page/" + name)
		if err != nil {
			panic(err) // not embedded: a fault of the build
		}
		return string(text)
	}
	t, err := template.New("page").Funcs(template.FuncMap{"num": number, "percent": percent, "breaks": breaks}).Parse(read("page.html"))
	if err != nil {
		return err
	}
	data, err := json.Marshal(compact(r)) // < and & are escaped: no text of the program ends the script
	if err != nil {
		return err
	}
	return t.Execute(w, map[string]any{
		"Title": title(r), "Subtitle": subtitle(r), "Fate": r.Fate,
		"Totals": r.Totals.Counts, "Standard": r.Totals.StandardImageBytes, "Packages": bars(r),
		"CSS": template.CSS(read("page.css")), "JS": template.JS(read("page.js")), "Data": template.JS(data),
	})
}

func title(r *Report) string {
	for _, p := range r.Packages {
		if p.Main && p.Module != "" {
			return p.Module
		}
	}
	if len(r.Roots) > 0 {
		return r.Roots[0]
	}
	return "the program"
}

// maxRoots is how many named packages the heading spells out.
const maxRoots = 4

func subtitle(r *Report) string {
	roots, more := r.Roots, ""
	if len(roots) > maxRoots {
		more = fmt.Sprintf(" and %d more packages", len(roots)-maxRoots)
		roots = roots[:maxRoots]
	}
	s := strings.Join(roots, ", ") + more + ", with all that they import"
	if len(r.Roots) == 1 && r.Roots[0] == title(r) {
		s = "With all that it imports"
	}
	if r.Tests {
		s += ", and their tests"
	}
	return fmt.Sprintf("%s. Sizes are those of a %d-bit platform.", s, 8*r.WordBytes)
}

// A barred package has a bar as long as its part of the largest one's bytes.
type barred struct {
	*Package
	From string
	Part int64
}

func bars(r *Report) []barred {
	var out []barred
	most := int64(1)
	for _, p := range r.Packages {
		most = max(most, p.ImageBytes)
	}
	for _, p := range r.Packages {
		out = append(out, barred{p, from(p.Module, p.Version), p.ImageBytes * 100 / most})
	}
	slices.SortStableFunc(out, func(a, b barred) int { return cmp.Compare(b.ImageBytes, a.ImageBytes) })
	return out
}

func from(module, version string) string {
	if version == "" {
		return module
	}
	return module + "@" + version
}

// number spells an integer with commas.
func number(n any) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// breaks lets a path end a line behind a slash.
func breaks(path string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(path), "/", "/<wbr>"))
}

func percent(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return fmt.Sprintf("%d %%", (part*100+whole/2)/whole)
}
