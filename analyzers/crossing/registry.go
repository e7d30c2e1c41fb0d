package crossing

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/go-vimage/vimage/analyzers/internal/conduct"
)

// registry reports an argument that a function of the standard library keeps in
// a variable of its own.
func (c *checker) registry(fn, callee *ssa.Function, k conduct.Kept, arg ssa.Value, pos token.Pos) {
	if k.Param == 0 && callee.Signature.Recv() != nil {
		return // the receiver keeps itself where it always was
	}
	if c.InTest(pos) || c.processRule(callee) != nil || !callable(paramType(callee, k.Param)) || !c.own(arg) {
		return
	}
	// What an init function hands over is either the same function from each
	// image, which finds its image's state when it is called, or, where the
	// registry is plain, generate's to report: it has such an init function run
	// once.
	if conduct.Initialises(fn) && (!c.bound(arg) || c.builds(k.Into) == committed) {
		return
	}
	what := "the value"
	if function(arg) != nil {
		what = "the function"
	}
	if c.builds(k.Into) == committed {
		c.report(ruleRegistry, callee.RelString(nil), pos,
			"%s keeps %s in %s, which in a committed build is one for all images"+
				" (in a vimagegen build each has its own): the last image to register wins, or the second fails;"+
				" let each image have a registry of its own, or register once from image 0",
			short(callee.RelString(nil)), what, short(k.Into))
		return
	}
	c.report(ruleRegistry, callee.RelString(nil), pos, "%s keeps %s in %s, which is one for all images in every build:"+
		" other images come to call it; hand over what belongs to no image, or register once from image 0",
		short(callee.RelString(nil)), what, short(k.Into))
}

// method looks at a method of a registry itself: http.DefaultServeMux.Handle.
func (c *checker) method(fn, callee *ssa.Function, k conduct.Kept, args []ssa.Value, pos token.Pos) {
	if k.To != 0 || callee.Signature.Recv() == nil || callee.Pkg == nil || !c.Std(callee.Pkg.Pkg) {
		return
	}
	roots := c.Roots(args[0])
	if len(roots) != 1 {
		return
	}
	if g, ok := roots[0].(*ssa.Global); ok && c.Std(g.Pkg.Pkg) {
		k.Into = conduct.GlobalName(g)
		c.registry(fn, callee, k, args[k.Param], pos)
	}
}

func paramType(fn *ssa.Function, i int) types.Type {
	if i < len(fn.Params) {
		return fn.Params[i].Type()
	}
	sig := fn.Signature
	if sig.Recv() != nil {
		if i == 0 {
			return sig.Recv().Type()
		}
		i--
	}
	return sig.Params().At(i).Type()
}

// callable reports whether a registry could call, send to or write through
// values of the type: the rest is data. Types of package reflect belong to the
// program, not to an image.
func callable(t types.Type) bool {
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "reflect" {
		return false
	}
	switch t := t.Underlying().(type) {
	case *types.Signature, *types.Chan:
		return true
	case *types.Interface:
		return t.NumMethods() > 0
	case *types.Pointer:
		return true
	}
	return false
}

// own reports whether an argument is something of the caller's: not nil, and
// not read from a variable of the standard library.
func (c *checker) own(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return false
	case *ssa.MakeInterface:
		return c.own(v.X)
	case *ssa.UnOp:
		if g, ok := v.X.(*ssa.Global); ok {
			return !c.std.Own(g.Pkg.Pkg.Path(), g.Name()) // os.Stderr: each image's, and the process's in a committed build
		}
	}
	return true
}

// bound reports whether a value has state with it: anything but a plain
// function, or a value without references.
func (c *checker) bound(v ssa.Value) bool {
	if m, ok := v.(*ssa.MakeInterface); ok {
		return refers(m.X.Type()) && c.bound(m.X)
	}
	if m, ok := v.(*ssa.ChangeType); ok {
		return c.bound(m.X)
	}
	_, plain := v.(*ssa.Function)
	return !plain
}

// lost reports a function that uses virtual state and that something of the
// runtime's calls later.
func (c *checker) lost(pos token.Pos, name string, arg ssa.Value) {
	used := c.usesOf(arg)
	if used == "" {
		return
	}
	switch name {
	case "time.AfterFunc":
		c.report(ruleLost, name, pos, "in a committed build %s calls the function in no image, and its use of %s panics (a vimagegen build carries the image): wrap it in vimage.Bind", name, short(used))
	case "context.AfterFunc":
		c.report(ruleLost, name, pos, "in a committed build %s calls the function in the image of whoever cancels, and it uses that one's %s (a vimagegen build carries the image): wrap it in vimage.Bind", name, short(used))
	default:
		c.report(ruleLost, name, pos, "in a committed build %s calls the function in no image, and its use of %s panics (a vimagegen build carries the image): take vimage.Current() here and call its Do in the function", name, short(used))
	}
}
