package debug

import (
	"cmp"
	"encoding/json"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/look"
)

// A Match is a variable that a search found, with its values in all images.
type Match struct {
	Package  string  `json:"package"`
	Variable string  `json:"variable"`
	Own      bool    `json:"own,omitempty"` // of the program's own module
	Std      bool    `json:"std,omitempty"`
	Values   []Value `json:"values"`           // each once, that of most images first
	Totals   []Total `json:"totals,omitempty"` // of its numbers

	index map[string]int // of Values, by tree
}

// A Value is what a variable holds in some images.
type Value struct {
	Images []uint64   `json:"images"`
	Line   string     `json:"line"`
	Tree   *look.Node `json:"tree"`
}

// A Total is a number summed over the images.
type Total struct {
	Path string `json:"path"` // from the variable: .Field
	Sum  string `json:"sum"`
}

// A Found is the result of a search.
type Found struct {
	Matches []Match `json:"matches"`
	More    int     `json:"more,omitempty"` // that were left out
}

// mostMatches bounds a search's result, valueLine a value's line.
const (
	mostMatches = 200
	valueLine   = 200
)

// A query is what is searched for, in the variables of all images.
type query struct {
	word   string // in lower case
	values bool   // also in fields, keys and values
	std    bool   // also in standard packages
}

// search looks through the images. The variables of a package are in the same
// places in all of them, as their containers have the same type.
func (h *handler) search(images []*vimage.Image, q query, limits look.Limits) Found {
	type place struct {
		c  vimage.Container
		id uint64
	}
	packages := map[string][]place{}
	for _, im := range images {
		for _, c := range im.Containers() {
			if c.Value != nil && (q.std || !c.Std) {
				packages[c.Path] = append(packages[c.Path], place{c, im.ID()})
			}
		}
	}
	found := Found{Matches: []Match{}}
	for _, path := range slices.Sorted(maps.Keys(packages)) {
		places := packages[path]
		for _, f := range fields(places[0].c) {
			named := strings.Contains(strings.ToLower(path+"."+f.name), q.word)
			if !named && !q.values {
				continue
			}
			values := make([]*look.Node, len(places))
			for i, p := range places {
				values[i] = f.read(p.c, limits)
				named = named || values[i].Contains(q.word)
			}
			switch {
			case !named:
			case len(found.Matches) >= mostMatches:
				found.More++
			default:
				m := Match{Package: path, Variable: f.name, Std: places[0].c.Std, Totals: totals(values)}
				_, m.Own = h.modules.of(path)
				for i, p := range places {
					m.add(p.id, values[i])
				}
				slices.SortStableFunc(m.Values, func(a, b Value) int { return cmp.Compare(len(b.Images), len(a.Images)) })
				found.Matches = append(found.Matches, m)
			}
		}
	}
	slices.SortStableFunc(found.Matches, func(a, b Match) int {
		return cmp.Or(order(a.Own, b.Own), order(!a.Std, !b.Std), strings.Compare(a.Package, b.Package))
	})
	return found
}

// order has what is true first.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// add adds an image's value.
func (m *Match) add(id uint64, n *look.Node) {
	key, _ := json.Marshal(n) // a tree of strings and numbers
	if i, ok := m.index[string(key)]; ok {
		m.Values[i].Images = append(m.Values[i].Images, id)
		return
	}
	if m.index == nil {
		m.index = map[string]int{}
	}
	m.index[string(key)] = len(m.Values)
	m.Values = append(m.Values, Value{[]uint64{id}, n.Line(valueLine), n})
}

// totals sums the numbers of a variable's values.
func totals(values []*look.Node) []Total {
	sums := map[string]*big.Float{}
	var paths []string
	for _, n := range values {
		n.Numbers(func(path, text string) {
			v, _, err := big.ParseFloat(text, 10, 200, big.ToNearestEven)
			if err != nil || v.IsInf() {
				return // no finite number
			}
			if sums[path] == nil {
				sums[path] = v
				paths = append(paths, path)
				return
			}
			sums[path].Add(sums[path], v)
		})
	}
	var list []Total
	for _, path := range paths {
		list = append(list, Total{path, sums[path].Text('g', 20)})
	}
	return list
}

// A variable is a field of a container.
type variable struct {
	name  string
	field reflect.StructField
}

// fields returns the variables of a container, by name: the order of fields
// follows their memory, which tells a reader nothing.
func fields(c vimage.Container) []variable {
	t := reflect.TypeOf(c.Value).Elem()
	var list []variable
	for i := range t.NumField() {
		f := t.Field(i)
		if name, ok := strings.CutPrefix(f.Name, "V_"); ok { // else it is padding
			list = append(list, variable{name, f})
		}
	}
	slices.SortFunc(list, func(a, b variable) int { return strings.Compare(a.name, b.name) })
	return list
}

// read reads the variable in a container.
func (v variable) read(c vimage.Container, limits look.Limits) *look.Node {
	return look.Variable("", v.field.Type, at(c, v.field.Offset), limits)
}
