package debug

import (
	"cmp"
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
			m := Match{Package: path, Variable: f.name, Std: places[0].c.Std}
			_, m.Own = h.modules.of(path)
			for _, p := range places {
				n := f.read(p.c, limits)
				named = named || n.Contains(q.word)
				m.add(p.id, n)
			}
			switch {
			case !named:
			case len(found.Matches) >= mostMatches:
				found.More++
			default:
				m.finish()
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
	for i, v := range m.Values {
		if v.Tree.Text == n.Text && len(look.Diff(v.Tree, n)) == 0 {
			m.Values[i].Images = append(v.Images, id)
			return
		}
	}
	m.Values = append(m.Values, Value{[]uint64{id}, n.Line(valueLine), n})
}

// finish sorts the values and sums the numbers.
func (m *Match) finish() {
	slices.SortStableFunc(m.Values, func(a, b Value) int { return cmp.Compare(len(b.Images), len(a.Images)) })
	sums := map[string]*big.Float{}
	var paths []string
	for _, v := range m.Values {
		v.Tree.Numbers(func(path, text string) {
			n, _, err := big.ParseFloat(text, 10, 200, big.ToNearestEven)
			if err != nil {
				return // not a number
			}
			if sums[path] == nil {
				sums[path] = new(big.Float).SetPrec(200)
				paths = append(paths, path)
			}
			sums[path].Add(sums[path], n.Mul(n, big.NewFloat(float64(len(v.Images)))))
		})
	}
	for _, path := range paths {
		m.Totals = append(m.Totals, Total{path, sums[path].Text('g', 20)})
	}
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
