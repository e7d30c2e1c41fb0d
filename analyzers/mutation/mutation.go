package mutation

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/proof"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/ssa"
)

// Analyzer computes what functions do to their arguments. Its result is a
// *[proof.Open].
var Analyzer = &analysis.Analyzer{
	Name:       "mutation",
	Doc:        "find what each function may write, keep or hand on of its arguments",
	URL:        "https://pkg.go.dev/github.com/go-vimage/vimage/analyzers/mutation",
	Run:        run,
	Requires:   []*analysis.Analyzer{buildssa.Analyzer},
	ResultType: reflect.TypeFor[*proof.Open](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what an importer knows of a function.
type Fact struct {
	Params  []proof.Effect // the receiver first
	Returns uint64         // see [proof.Summary]
}

// AFact marks a fact.
func (*Fact) AFact() {}

// String spells a fact: "0 written, 1 kept, returns 0".
func (f *Fact) String() string {
	var parts []string
	for i, e := range f.Params {
		for _, w := range []struct {
			e    proof.Effect
			text string
		}{{proof.Writes, "written"}, {proof.Keeps, "kept"}, {proof.Leaves, "handed on"}} {
			if e&w.e != 0 {
				parts = append(parts, fmt.Sprintf("%d %s", i, w.text))
			}
		}
	}
	for i := range f.Params {
		if f.Returns&(1<<min(i, 63)) != 0 {
			parts = append(parts, fmt.Sprintf("returns %d", i))
		}
	}
	if parts == nil {
		return "reads"
	}
	return strings.Join(parts, ", ")
}

func run(pass *analysis.Pass) (any, error) {
	in := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	open, err := proof.Summarize(proof.OpenInput{
		Package: proof.Package{SSA: in.Pkg, InitOrder: pass.TypesInfo.InitOrder},
		Funcs:   slices.Concat(in.SrcFuncs, inits(in.Pkg)),
		Imported: func(fn *types.Func) *proof.Summary {
			var f Fact
			if !pass.ImportObjectFact(fn, &f) {
				return withoutReferences(fn)
			}
			return &proof.Summary{Params: f.Params, Returns: f.Returns}
		},
	})
	if err != nil {
		return nil, err
	}
	for fn, s := range open.Summaries {
		if fn.Exported() && fn.Pkg() == pass.Pkg && withoutReferences(fn) == nil {
			pass.ExportObjectFact(fn, &Fact{s.Params, s.Returns})
		}
	}
	return open, nil
}

// inits returns a package's init functions, which are no members of its scope.
func inits(pkg *ssa.Package) []*ssa.Function {
	var out []*ssa.Function
	for name, m := range pkg.Members {
		if fn, ok := m.(*ssa.Function); ok && strings.HasPrefix(name, "init#") {
			out = append(out, fn)
		}
	}
	slices.SortFunc(out, func(a, b *ssa.Function) int { return strings.Compare(a.Name(), b.Name()) })
	return out
}

// withoutReferences returns the summary of a function whose arguments hold no
// references; nil for others.
func withoutReferences(fn *types.Func) *proof.Summary {
	sig := fn.Signature()
	if sig.Recv() != nil && flow.HasRefs(sig.Recv().Type()) {
		return nil
	}
	for v := range sig.Params().Variables() {
		if flow.HasRefs(v.Type()) {
			return nil
		}
	}
	n := sig.Params().Len()
	if sig.Recv() != nil {
		n++
	}
	return &proof.Summary{Params: make([]proof.Effect, n)}
}
