package proof

import (
	"container/heap"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// initRanks says at which place each package of a program is initialised, by path: of those whose imports are all
// initialised the first one by path is next, as the linker has it. A package is here together with its tests; where tests
// import each other's packages in a circle, the first in the list goes first.
func initRanks(list []Package) map[string]int {
	waits := map[string]map[string]bool{} // what a package waits for
	importers := map[string][]string{}
	var ready paths
	var all []string
	for _, pkg := range list {
		path := pkg.SSA.Pkg.Path()
		if waits[path] == nil {
			waits[path] = map[string]bool{}
			all = append(all, path)
		}
	}
	for _, pkg := range list {
		path := pkg.SSA.Pkg.Path()
		for _, imp := range pkg.SSA.Pkg.Imports() {
			if to := imp.Path(); to != path && waits[to] != nil && !waits[path][to] {
				waits[path][to] = true
				importers[to] = append(importers[to], path)
			}
		}
	}
	ranks := map[string]int{}
	for _, path := range all {
		if len(waits[path]) == 0 {
			heap.Push(&ready, path)
		}
	}
	for len(ranks) < len(all) {
		if len(ready) == 0 {
			i := slices.IndexFunc(all, func(path string) bool { _, done := ranks[path]; return !done })
			heap.Push(&ready, all[i])
		}
		path := heap.Pop(&ready).(string)
		if _, done := ranks[path]; done {
			continue
		}
		ranks[path] = len(ranks)
		for _, by := range importers[path] {
			if delete(waits[by], path); len(waits[by]) == 0 {
				heap.Push(&ready, by)
			}
		}
	}
	return ranks
}

// paths is a heap of import paths.
type paths []string

func (p paths) Len() int           { return len(p) }
func (p paths) Less(i, j int) bool { return p[i] < p[j] }
func (p paths) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *paths) Push(x any)        { *p = append(*p, x.(string)) }
func (p *paths) Pop() any {
	last := len(*p) - 1
	path := (*p)[last]
	*p = (*p)[:last]
	return path
}

// rank returns when a function's package is initialised; before that, none of its code can run. What belongs to no package
// is taken for the first.
func (a *analysis) rank(f *flow.Func) int {
	if pkg := home(f); pkg != nil {
		return a.ranks[pkg.Path()]
	}
	return 0
}

// home returns the package whose text has a function, or nil.
func home(f *flow.Func) *types.Package {
	fn := f.SSA()
	if o := fn.Origin(); o != nil {
		fn = o
	}
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	switch {
	case fn.Pkg != nil:
		return fn.Pkg.Pkg
	case fn.Object() != nil:
		return fn.Object().Pkg()
	}
	return nil
}
