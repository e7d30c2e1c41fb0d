package plan

import "strings"

// sizes fills the variables' sizes.
func sizes(p *Plan) {
	for _, pkg := range p.Order {
		for _, v := range pkg.Vars {
			v.Size = p.Prog.Sizes.Sizeof(v.Obj.Type())
		}
	}
}

// ImageBytes returns what one image spends on a package's containers: their
// fields, with the padding between them. What the fields refer to is not
// counted, nor what the allocator adds.
func (p *Plan) ImageBytes(pkg *Package) int64 {
	bytes := int64(0)
	var own, test []*Var // a package has one container, and its in-package tests another
	for _, v := range pkg.Sorted() {
		switch {
		case v.Fate != Virtual:
		case v.Join != nil: // has a container of its own
			if v.Join.Main(v) {
				bytes += p.Lay([]*Var{v}).Size
			}
		case v.File.Test && !pkg.External():
			test = append(test, v)
		default:
			own = append(own, v)
		}
	}
	for _, vars := range [][]*Var{own, test} {
		if len(vars) > 0 {
			bytes += p.Lay(vars).Size
		}
	}
	return bytes
}

// External reports whether the package is that of another's external tests.
func (p *Package) External() bool {
	return strings.HasSuffix(p.Name, "_test") && strings.HasSuffix(p.Path, "_test")
}

func roundUp(n, align int64) int64 { return (n + align - 1) / align * align }
