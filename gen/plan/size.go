package plan

import (
	"go/types"
	"strings"
)

// sizes fills the variables' sizes.
func sizes(p *Plan) {
	for _, pkg := range p.Order {
		for _, v := range pkg.Vars {
			v.Size = p.Prog.Sizes.Sizeof(v.Obj.Type())
		}
	}
}

// ImageBytes returns what one image spends on a package's containers: their fields, in order, with the padding that
// the compiler puts between them. What the fields refer to is not counted, nor what the allocator adds.
func (p *Plan) ImageBytes(pkg *Package) int64 {
	var own, test []types.Type // a package has one container, and its in-package tests another
	for _, v := range pkg.Sorted() {
		switch {
		case v.Fate != Virtual:
		case v.File.Test && !pkg.External():
			test = append(test, v.Obj.Type())
		default:
			own = append(own, v.Obj.Type())
		}
	}
	return structBytes(p.Prog.Sizes, own) + structBytes(p.Prog.Sizes, test)
}

// External reports whether the package is that of another's external tests.
func (p *Package) External() bool {
	return strings.HasSuffix(p.Name, "_test") && strings.HasSuffix(p.Path, "_test")
}

// structBytes lays out a container as gen/emit writes it. On 32-bit machines its fields start at multiples of 8.
func structBytes(sizes types.Sizes, fields []types.Type) int64 {
	least := int64(1)
	if sizes.Sizeof(types.Typ[types.Uintptr]) == 4 {
		least = 8
	}
	end, align := int64(0), int64(1)
	for i, t := range fields {
		a := max(sizes.Alignof(t), least)
		align = max(align, a)
		size := sizes.Sizeof(t)
		end = roundUp(end, a) + size
		if i == len(fields)-1 && size == 0 && end > 0 {
			end++ // a pointer to the last field must not point behind the struct
		}
	}
	return roundUp(end, align)
}

func roundUp(n, align int64) int64 { return (n + align - 1) / align * align }
