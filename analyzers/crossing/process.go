package crossing

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/go-vimage/vimage/analyzers/perprocess"
)

// processRule returns the rule for a function that acts through the operating
// system or the runtime, so that no source says what it does; nil for others.
func (c *checker) processRule(fn *ssa.Function) *perprocess.Rule {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return nil
	}
	rule, _ := c.table.Lookup(obj)
	return rule
}

// process reports a call that changes the process.
func (c *checker) process(fn, callee *ssa.Function, in ssa.CallInstruction) {
	rule := c.processRule(callee)
	if rule == nil || rule.Change == "" || c.InTest(in.Pos()) || rule.InMain && c.pass.Pkg.Name() == "main" {
		return
	}
	if _, as := c.table.Lookup(callee.Object()); as.Asks && below(in.Common().Args, as.Below) {
		return
	}
	name := callee.RelString(nil)
	c.report(ruleProcess, name, in.Pos(), "%s changes %s", short(name), rule.Change)
}

// below reports whether the first argument is a constant below a number.
func below(args []ssa.Value, limit int64) bool {
	if len(args) == 0 {
		return false
	}
	k, ok := args[0].(*ssa.Const)
	return ok && k.Value != nil && constant.Compare(k.Value, token.LSS, constant.MakeInt64(limit))
}

// stdVariable reports an assignment to a variable of the standard library, or
// to what it refers to: http.DefaultClient.Timeout = 1.
func (c *checker) stdVariable(in ssa.Instruction) {
	g := c.StdVariable(in)
	if g == nil || c.InTest(in.Pos()) {
		return
	}
	verb := "changed"
	if store, ok := in.(*ssa.Store); ok && store.Addr == g {
		verb = "assigned"
	}
	name := g.Pkg.Pkg.Path() + "." + g.Name()
	if c.builds(name) == committed {
		c.report(ruleStd, name, in.Pos(), "%s is %s, which in a committed build is one for all images"+
			" (in a vimagegen build each has its own): pass the value where it is used", short(name), verb)
	} else {
		c.report(ruleStd, name, in.Pos(), "%s is %s, which is one for all images in every build"+
			" (a vimagegen build refuses that unless vimage.settings says shared): assign it in image 0 before others are made",
			short(name), verb)
	}
}
