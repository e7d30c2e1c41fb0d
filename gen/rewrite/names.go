package rewrite

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/plan"
)

// Names are the names that one part of a package gets.
type Names = naming.Names

// A namer gives out names that no identifier of the program can meet.
type namer struct {
	plan   *plan.Plan
	taken  map[string]bool               // every identifier in the program that looks like one of ours
	dots   map[string]map[string]bool    // packages whose names meet in a file by a dot import, both ways
	parts  map[partKey]Names             // by package and kind of part
	joined map[*plan.Var]partKey         // variables of their own containers
	local  map[string]map[partKey]string // package that mentions -> part mentioned -> local variable's name
	used   map[string]map[string]bool    // package -> local names given
}

// A partKey names a part: a package, or the in-package test files of one. A
// variable of its own container, one that has names in other packages, is one
// too: the nth of the part, from 1.
type partKey struct {
	path   string
	test   bool
	joined int
}

func newNamer(p *plan.Plan) *namer {
	n := &namer{
		plan:   p,
		taken:  map[string]bool{},
		dots:   map[string]map[string]bool{},
		parts:  map[partKey]Names{},
		joined: map[*plan.Var]partKey{},
		local:  map[string]map[partKey]string{},
		used:   map[string]map[string]bool{},
	}
	meet := func(a, b string) {
		if n.dots[a] == nil {
			n.dots[a] = map[string]bool{}
		}
		n.dots[a][b] = true
	}
	for _, f := range p.Prog.Files {
		ast.Inspect(f.Syntax, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.Ident:
				if naming.Ours(node.Name) {
					n.taken[node.Name] = true
				}
			case *ast.ImportSpec:
				if node.Name != nil && node.Name.Name == "." {
					path := strings.Trim(node.Path.Value, "`\"")
					meet(f.Package.Path, path)
					meet(path, f.Package.Path)
				}
			}
			return true
		})
	}
	keys := []partKey{}
	for path := range p.Packages {
		own := []partKey{{path: path}, {path: path, test: true}}
		for _, v := range p.Packages[path].Sorted() {
			if v.Join != nil {
				k := &own[0]
				if inTest(p, v) {
					k = &own[1]
				}
				k.joined++
				n.joined[v] = *k
				keys = append(keys, *k)
			}
		}
		own[0].joined, own[1].joined = 0, 0
		keys = append(keys, own...)
	}
	slices.SortFunc(keys, func(a, b partKey) int {
		ranks := map[bool]int{false: 0, true: 1}
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(ranks[a.test], ranks[b.test]), cmp.Compare(a.joined, b.joined))
	})
	for _, k := range keys {
		n.parts[k] = n.choose(k)
	}
	return n
}

func (n *namer) choose(k partKey) Names {
	name := n.plan.Packages[k.path].Name
	if k.test {
		name = naming.InTest(name)
	}
	if k.joined > 0 {
		name = naming.Joined(name, k.joined)
	}
	for try := 1; ; try++ {
		if c := naming.Of(name, try); !n.meets(k, c) {
			return c
		}
	}
}

func (n *namer) meets(k partKey, c Names) bool {
	for t := range n.taken {
		if c.Owns(t) {
			return true
		}
	}
	for other := range n.dots[k.path] {
		for k, have := range n.parts {
			if k.path == other && have.Hook == c.Hook {
				return true
			}
		}
	}
	return false
}

// localName is the name of the hook's variable for a part in the functions of a
// package.
func (n *namer) localName(in string, k partKey) string {
	if n.local[in] == nil {
		n.local[in] = map[partKey]string{}
		n.used[in] = map[string]bool{}
	}
	if name := n.local[in][k]; name != "" {
		return name
	}
	base := n.parts[k].Container
	name := base
	for i := 2; n.used[in][name] || n.taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	n.local[in][k] = name
	n.used[in][name] = true
	return name
}

// nop is the name of a variable in the nop build. It is exported if the
// author's is, and only then: the compiler gives importers, with what a package
// exports, the bodies of functions for them to inline. Where two packages'
// names meet in a file by a dot import, the later package's has a number.
func (n *namer) nop(v *plan.Var) string {
	try := 1
	for other := range n.dots[v.Pkg] {
		if p := n.plan.Packages[other]; p != nil && p.Vars[v.Name] != nil && other < v.Pkg {
			try++
		}
	}
	prefix := naming.Field
	if !token.IsExported(v.Name) {
		prefix = naming.Hidden
	}
	name := prefix + v.Name
	for {
		if try > 1 {
			name = fmt.Sprintf("%s%s_%d", prefix, v.Name, try)
		}
		if !n.taken[name] {
			return name
		}
		try++
	}
}

// sortedKeys returns a map's keys in order.
func sortedKeys[M ~map[K]V, K cmp.Ordered, V any](m M) []K {
	return slices.Sorted(maps.Keys(m))
}
