package rewrite

import (
	"github.com/go-vimage/vimage/gen/plan"
)

// A Name says what has become of a variable's symbol: another symbol, or a
// place in one.
type Name struct {
	Pkg          string // import path
	Old, New     string
	Field        bool // New is the static build's struct, in which the variable stands at Offset
	Offset, Size int64
}

// note enters a package's variables. In the static build the parts hold them.
func (r *rewriter) note(pkg *plan.Package, res *Result, parts ...*Part) {
	if r.opts.Build == Vimage {
		return
	}
	for _, v := range pkg.Sorted() {
		if r.spell.renames && r.taken(v.Obj) != nil {
			res.Names = append(res.Names, Name{Pkg: pkg.Path, Old: v.Name, New: r.names.nop(v)})
		}
	}
	sizes := r.plan.Prog.Sizes
	for _, part := range parts {
		at := int64(0)
		for _, v := range part.Vars {
			t := v.Obj.Type()
			align := sizes.Alignof(t)
			if r.opts.Align64 {
				align = 8
			}
			at = (at + align - 1) / align * align
			size := sizes.Sizeof(t)
			res.Names = append(res.Names, Name{
				Pkg: pkg.Path, Old: v.Name, New: part.Static(), Field: true, Offset: at, Size: size,
			})
			at += size
		}
	}
}
