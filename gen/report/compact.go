package report

import (
	"strings"

	"github.com/go-vimage/vimage/gen/plan"
)

// A page is the list of variables in a form that is short: what occurs often is
// a number, the index in a table.
type page struct {
	Packages []string   `json:"packages"`
	Files    []string   `json:"files"`
	Funcs    []string   `json:"funcs"`
	Places   [][3]any   `json:"places"` // file, line, text of the line
	Vars     []*pageVar `json:"vars"`
}

type pageVar struct {
	Package int      `json:"p"`
	Name    string   `json:"n"`
	C       bool     `json:"k,omitempty"`
	Type    string   `json:"t,omitempty"`
	Fate    int      `json:"f"`
	Copied  bool     `json:"x,omitempty"`
	Size    int64    `json:"s"`
	Place   int      `json:"a"`
	Reason  string   `json:"r"`
	Chain   [][2]any `json:"c,omitempty"` // text, place or -1; absent if it is the reason alone
	Writes  [][]any  `json:"w,omitempty"` // place, function, and true for what it refers to
	Address [][]any  `json:"g,omitempty"` // place, function
	Reads   [][]any  `json:"d,omitempty"` // place, function
}

// maxSource is how much of a source line the page shows.
const maxSource = 200

// A table gives strings numbers, in the order in which they come.
type table struct {
	list  []string
	index map[string]int
}

func newTable() *table { return &table{list: []string{}, index: map[string]int{}} }

func (t *table) of(s string) int {
	i, ok := t.index[s]
	if !ok {
		i = len(t.list)
		t.index[s] = i
		t.list = append(t.list, s)
	}
	return i
}

type compactor struct {
	packages, files, funcs *table
	places                 map[[2]int]int // file and line
	page                   page
}

func compact(r *Report) *page {
	c := &compactor{packages: newTable(), files: newTable(), funcs: newTable(), places: map[[2]int]int{}}
	c.page.Places, c.page.Vars = [][3]any{}, []*pageVar{}
	for _, p := range r.Packages {
		c.packages.of(p.Path)
	}
	for _, v := range r.Variables {
		c.page.Vars = append(c.page.Vars, c.variable(v))
	}
	c.page.Packages, c.page.Files, c.page.Funcs = c.packages.list, c.files.list, c.funcs.list
	return &c.page
}

func (c *compactor) variable(v *Variable) *pageVar {
	out := &pageVar{
		Package: c.packages.of(v.Package), Name: v.Name, C: v.Kind != "go", Type: v.Type, Size: v.Size,
		Fate: map[string]int{"virtual": 0, "shared": 1, "refused": 2}[v.Fate], Copied: v.Start == "template",
		Place: c.place(v.Place), Reason: v.Reason,
	}
	if len(v.Chain) != 1 || v.Chain[0].Place != nil || v.Chain[0].Text != v.Reason {
		for _, s := range v.Chain {
			at := -1
			if s.Place != nil {
				at = c.place(*s.Place)
			}
			out.Chain = append(out.Chain, [2]any{s.Text, at})
		}
	}
	for _, u := range v.Writes {
		use := []any{c.place(u.Place), c.function(u)}
		switch plan.How(u.How) {
		case plan.Address:
			out.Address = append(out.Address, use)
		case plan.Through:
			out.Writes = append(out.Writes, append(use, true))
		default:
			out.Writes = append(out.Writes, use)
		}
	}
	for _, u := range v.Reads {
		out.Reads = append(out.Reads, []any{c.place(u.Place), c.function(u)})
	}
	return out
}

func (c *compactor) place(at Place) int {
	file := at.File
	if at.Module != "" && at.Version != "" {
		file = from(at.Module, at.Version) + "/" + file
	} else if at.Module == "std" {
		file = "std/" + file
	}
	key := [2]int{c.files.of(file), at.Line}
	i, ok := c.places[key]
	if !ok {
		i = len(c.page.Places)
		c.places[key] = i
		c.page.Places = append(c.page.Places, [3]any{key[0], at.Line, clip(at.source)})
	}
	return i
}

// function spells a function with the last element of its package's path; an
// initialiser has no name.
func (c *compactor) function(u Use) int {
	name := u.Function
	if name == "" {
		name = "(initialiser)"
	}
	return c.funcs.of(u.Package[strings.LastIndexByte(u.Package, '/')+1:] + "." + name)
}

// clip shortens a line, at the end of a character.
func clip(s string) string {
	if len(s) <= maxSource {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ToValidUTF8(s[:maxSource], "") + "…"
}
