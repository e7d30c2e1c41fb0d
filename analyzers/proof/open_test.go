package proof_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/go-vimage/vimage/analyzers/proof"
)

// TestWithoutFacts looks at a package as drivers do that have no facts about the standard library (nogo).
func TestWithoutFacts(t *testing.T) {
	const src = `package p

import (
	"sync"
	"sync/atomic"
)

var added, stored, loaded int64
var once sync.Once

func F() {
	atomic.AddInt64(&added, 1)
	atomic.StoreInt64(&stored, atomic.LoadInt64(&loaded))
	once.Do(func() {})
}

var both, handed int

func G(f func(*int)) {
	f(&both)
	f(&handed)
	h := &holder{&both}
	keep = h
	*keep.p = 1 // farther away
}

type holder struct{ p *int }

var keep *holder
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{Importer: importer.Default()}, fset, types.NewPackage("p", "p"),
		[]*ast.File{file}, ssa.InstantiateGenerics)
	if err != nil {
		t.Fatal(err)
	}
	open, err := proof.Summarize(proof.OpenInput{Package: proof.Package{SSA: pkg}, Funcs: []*ssa.Function{pkg.Func("F"), pkg.Func("G")}})
	if err != nil {
		t.Fatal(err)
	}
	for name, changes := range map[string]bool{"added": true, "stored": true, "once": true, "loaded": false, "both": true, "handed": false} {
		v := open.Vars[proof.Name{Pkg: "p", Name: name}]
		if got := v != nil && v.Changed != nil && !v.Escapes; got != changes {
			t.Errorf("%s: seen to change: %v, want %v (%+v)", name, got, changes, v)
		}
	}
}
