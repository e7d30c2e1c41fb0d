package crossing

import (
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/internal/conduct"
	"github.com/go-vimage/vimage/analyzers/perprocess"
	"github.com/go-vimage/vimage/analyzers/stdstate"
)

//go:embed doc.go
var doc string

// Analyzer reports what crosses images.
var Analyzer = &analysis.Analyzer{
	Name:     "crossing",
	Doc:      finding.Doc("crossing", doc),
	URL:      "https://pkg.go.dev/github.com/go-vimage/vimage/analyzers/crossing",
	Run:      finding.Run(run),
	Requires: []*analysis.Analyzer{conduct.Analyzer},
}

// The rules.
const (
	ruleStore    = "shared-store"
	rulePool     = "shared-pool"
	ruleWorker   = "shared-worker"
	ruleRegistry = "registry"
	ruleLost     = "lost-image"
	ruleLock     = "lock"
	ruleStd      = "std-variable"
	ruleProcess  = "process"
)

type checker struct {
	*conduct.Result
	pass  *analysis.Pass
	table *perprocess.Table
	std   *stdstate.Table
	seen  map[place]bool // a call that keeps an argument in two places is one finding
}

type place struct {
	rule string
	pos  token.Pos
}

func run(pass *analysis.Pass) (any, error) {
	table, err := perprocess.NewTable()
	if err != nil {
		return nil, err
	}
	std, err := stdstate.Read()
	if err != nil {
		return nil, err
	}
	c := &checker{pass.ResultOf[conduct.Analyzer].(*conduct.Result), pass, table, std, map[place]bool{}}
	if c.Std(pass.Pkg) || strings.HasSuffix(pass.Pkg.Path(), ".test") { // the latter is the go command's
		return nil, nil
	}
	c.pools()
	c.workers()
	c.locks()
	for _, fn := range c.Funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c.instruction(fn, in)
			}
		}
	}
	return nil, nil
}

func (c *checker) instruction(fn *ssa.Function, in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.Store:
		c.store(fn, in.Addr, in.Val, in.Pos())
		c.stdVariable(in)
	case *ssa.MapUpdate:
		c.store(fn, in.Map, in.Value, in.Pos())
		c.store(fn, in.Map, in.Key, in.Pos())
		c.stdVariable(in)
	case *ssa.Send:
		c.store(fn, in.Chan, in.X, in.Pos())
	case ssa.CallInstruction:
		callee := in.Common().StaticCallee()
		if callee == nil {
			return
		}
		c.handed(fn, callee, in)
		c.process(fn, callee, in)
	}
}

// handed looks at a call's arguments: what does the callee do with each?
func (c *checker) handed(fn, callee *ssa.Function, in ssa.CallInstruction) {
	args := in.Common().Args
	for i, arg := range args {
		if name := conduct.Later(callee, i); name != "" {
			c.lost(in.Pos(), name, arg)
			return
		}
	}
	for _, k := range c.Of(callee).Kept {
		if k.Param >= len(args) {
			continue
		}
		arg := args[k.Param]
		switch {
		case k.Into == "":
			if k.To < len(args) {
				c.store(fn, args[k.To], arg, in.Pos())
				c.method(fn, callee, k, args, in.Pos())
			}
		case conduct.IsLater(k.Into):
			c.lost(in.Pos(), k.Into, arg)
		case callee.Pkg != nil && c.Std(callee.Pkg.Pkg):
			c.registry(fn, callee, k, arg, in.Pos())
		}
	}
}

// report adds a finding about something, a variable or a function, one of a
// rule at one place. Of what is done in a function, the key names both.
func (c *checker) report(rule, about string, pos token.Pos, format string, args ...any) {
	if f := (place{rule, pos}); !c.seen[f] {
		c.seen[f] = true
		c.pass.Report(analysis.Diagnostic{Pos: pos, Category: finding.Category(rule, c.object(about, pos)), Message: fmt.Sprintf(format, args...)})
	}
}

func (c *checker) object(about string, pos token.Pos) string {
	for _, f := range c.pass.Files {
		if f.FileStart <= pos && pos <= f.FileEnd {
			if in := finding.Enclosing(f, pos); in != "" && in != about {
				return in + ":" + about
			}
		}
	}
	return about
}

// A build is those builds in which something is one for all images.
type build int

const (
	every     build = iota
	committed       // and not in those that vimagegen drives
)

// builds says in which builds a variable of the standard library is one for all
// images.
func (c *checker) builds(g string) build {
	i := strings.LastIndex(g, ".")
	if c.std.Own(g[:i], g[i+1:]) {
		return committed
	}
	return every
}

var folders = regexp.MustCompile(`[^\s()*\[\],]+/`)

// short is a qualified name with the last elements of its paths alone:
// (*types.Scope).Insert for (*go/types.Scope).Insert.
func short(name string) string { return folders.ReplaceAllString(name, "") }

// function is a function that a value surely is, or nil.
func function(v ssa.Value) *ssa.Function {
	for {
		switch x := v.(type) {
		case *ssa.Function:
			return x
		case *ssa.MakeClosure:
			return x.Fn.(*ssa.Function)
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return nil
		}
	}
}

// usesOf names a virtual variable that a function value uses, or "".
func (c *checker) usesOf(v ssa.Value) string {
	fn := function(v)
	if fn == nil {
		return ""
	}
	if u := c.Of(fn).Uses; u != "" {
		return u
	}
	// A method value or expression is a wrapper around the method.
	if fn.Synthetic != "" {
		if obj, ok := fn.Object().(*types.Func); ok {
			if m := fn.Prog.FuncValue(obj); m != nil {
				return c.Of(m).Uses
			}
		}
	}
	return ""
}
