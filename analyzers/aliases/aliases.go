package aliases

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/analyzers/finding"
)

//go:embed doc.go
var doc string

// Analyzer checks declarations of slots and of what overrides them.
var Analyzer = &analysis.Analyzer{
	Name:      "aliases",
	Doc:       finding.Doc("aliases", doc),
	URL:       "https://pkg.go.dev/github.com/go-vimage/vimage/analyzers/aliases",
	Run:       finding.Run(run),
	FactTypes: []analysis.Fact{new(Slots)},
}

// The rules.
const (
	ruleSlot      = "slot"
	ruleSignature = "signature"
	ruleTwice     = "twice"
	ruleSuper     = "super"
	ruleCovers    = "covers"
	ruleGroup     = "group"
)

// Slots is the fact about a package that has slots.
type Slots struct{ List []Slot }

// A Slot is a function that modules override.
type Slot struct {
	Name     string
	Group    string // "" if the slot is alone
	PerImage bool
}

// AFact marks a fact.
func (*Slots) AFact() {}

// String spells a fact: "slots Lock(lock) Now(per=image)".
func (s *Slots) String() string {
	text := "slots"
	for _, x := range s.List {
		text += " " + x.Name
		if x.Group != "" {
			text += "(" + x.Group + ")"
		}
		if x.PerImage {
			text += "(per=image)"
		}
	}
	return text
}

// An override is a function of the module for a slot.
type override struct {
	file *ast.File
	mark directive.Mark
	pkg  *types.Package // the slot's
	slot Slot
}

func (o *override) String() string {
	args := o.mark.Args.(directive.Alias)
	return fmt.Sprintf("//vimage:%s %s.%s", o.mark.Verb, args.Package, args.Slot)
}

// key identifies a slot.
func (o *override) key() [2]string { return [2]string{o.pkg.Path(), o.slot.Name} }

// A checker looks at one package.
type checker struct {
	pass      *analysis.Pass
	slots     []Slot
	overrides []*override // of the verbs strong and refine, in the order of the text
	supers    []*override
	hooks     map[string]*ast.FuncDecl
}

func run(pass *analysis.Pass) (any, error) {
	c := &checker{pass: pass, hooks: map[string]*ast.FuncDecl{}}
	for _, file := range pass.Files {
		for _, m := range directive.Marks(file) {
			switch m.Verb {
			case directive.Weak:
				c.weak(m)
			case directive.Module:
				c.hook(m)
			case directive.Strong, directive.Refine, directive.Super:
				c.override(file, m)
			}
		}
	}
	if c.slots != nil {
		pass.ExportPackageFact(&Slots{c.slots})
	}
	c.doubles()
	c.superFunctions()
	c.groups()
	return nil, nil
}

func (c *checker) report(m directive.Mark, rule, format string, args ...any) {
	c.pass.Report(analysis.Diagnostic{
		Pos:      m.Func.Name.Pos(),
		Category: finding.Category(rule, m.Func.Name.Name),
		Message:  fmt.Sprintf(format, args...),
	})
}

// weak enters a slot of the package itself.
func (c *checker) weak(m directive.Mark) {
	name := m.Func.Name.Name
	switch {
	case !m.Func.Name.IsExported():
		c.report(m, ruleSlot, "//vimage:weak: no module can override %s, because it is not exported", name)
	case c.pass.Pkg.Name() == "main":
		c.report(m, ruleSlot, "//vimage:weak: no module can override %s, because package main cannot be imported", name)
	}
	args := m.Args.(directive.Alias)
	s := Slot{name, args.Group, args.PerImage}
	i := slices.IndexFunc(c.slots,
		func(o Slot) bool { return s.Group != "" && o.Group == s.Group && o.PerImage != s.PerImage })
	if i >= 0 {
		c.report(m, ruleGroup, "//vimage:weak group=%s: all slots of a group are per=image, or none is: %s differs",
			s.Group, c.slots[i].Name)
	}
	c.slots = append(c.slots, s)
}

// hook checks a function that is called when the module is loaded or unloaded.
func (c *checker) hook(m directive.Mark) {
	name := m.Args.(directive.Alias).Hook
	if other := c.hooks[name]; other != nil {
		c.report(m, ruleTwice, "//vimage:module %s: %s is one too, in the same module", name, other.Name.Name)
	}
	c.hooks[name] = m.Func
	fn, ok := c.pass.TypesInfo.Defs[m.Func.Name].(*types.Func)
	if !ok {
		return
	}
	if sig := fn.Signature(); types.TypeString(sig.Params().At(0).Type(), nil) != "context.Context" ||
		!types.Identical(sig.Results().At(0).Type(), types.Universe.Lookup("error").Type()) {
		c.report(m, ruleSignature, "//vimage:module %s: %s is %s, want func(context.Context) error", name,
			m.Func.Name.Name, c.spell(sig))
	}
}

// override enters a function for a slot of another package.
func (c *checker) override(file *ast.File, m directive.Mark) {
	o, args := &override{file: file, mark: m}, m.Args.(directive.Alias)
	if o.pkg = c.imported(file, args.Package); o.pkg == nil {
		c.report(m, ruleSlot, "%s: the file imports no package %s", o, args.Package)
		return
	}
	var of Slots
	c.pass.ImportPackageFact(o.pkg, &of)
	i := slices.IndexFunc(of.List, func(s Slot) bool { return s.Name == args.Slot })
	slot, ok := o.pkg.Scope().Lookup(args.Slot).(*types.Func)
	if i < 0 || !ok {
		c.report(m, ruleSlot, "%s: package %s has no function %s with //vimage:weak", o, o.pkg.Path(), args.Slot)
		return
	}
	o.slot = of.List[i]
	fn, ok := c.pass.TypesInfo.Defs[m.Func.Name].(*types.Func)
	if ok && !types.Identical(fn.Type(), slot.Type()) {
		c.report(m, ruleSignature, "%s: function %s is %s, but the slot is %s", o, fn.Name(), c.spell(fn.Type()),
			c.spell(slot.Type()))
	}
	if m.Verb == directive.Super {
		c.supers = append(c.supers, o)
	} else {
		c.overrides = append(c.overrides, o)
	}
}

// spell spells a type as its package does.
func (c *checker) spell(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == c.pass.Pkg {
			return ""
		}
		return p.Name()
	})
}

// imported returns the package that a file imports by a name, or by its path.
func (c *checker) imported(file *ast.File, name string) *types.Package {
	for _, spec := range file.Imports {
		if p := c.pass.TypesInfo.PkgNameOf(spec); p != nil && (p.Name() == name || p.Imported().Path() == name) {
			return p.Imported()
		}
	}
	return nil
}

// doubles finds slots with two functions in the module.
func (c *checker) doubles() {
	for _, list := range [][]*override{c.overrides, c.supers} {
		seen := map[[2]string]*override{}
		for _, o := range list {
			if other := seen[o.key()]; other != nil {
				c.report(o.mark, ruleTwice, "%s: %s is for this slot too, in the same module", o,
					other.mark.Func.Name.Name)
			}
			seen[o.key()] = o
		}
	}
}

// superFunctions compares super functions with the functions that call them.
func (c *checker) superFunctions() {
	refine := map[[2]string]*override{}
	for _, o := range c.overrides {
		if o.mark.Verb == directive.Refine {
			refine[o.key()] = o
		}
	}
	super := map[[2]string]*override{}
	for _, o := range c.supers {
		super[o.key()] = o
		if refine[o.key()] == nil {
			c.report(o.mark, ruleSuper, "%s: the module has no //vimage:refine for this slot", o)
		}
	}
	refers := c.references()
	for _, o := range c.overrides {
		if o.mark.Verb != directive.Refine {
			continue
		}
		name := o.mark.Func.Name.Name
		switch s := super[o.key()]; {
		case s == nil:
			c.report(o.mark, ruleCovers,
				"%s: the module has no //vimage:super for this slot, so what %s covers does not run: "+
					"//vimage:strong says so", o, name)
		case !reaches(refers, c.pass.TypesInfo.Defs[o.mark.Func.Name], c.pass.TypesInfo.Defs[s.mark.Func.Name]):
			c.report(o.mark, ruleCovers,
				"%s: %s never calls %s, so what it covers does not run: "+
					"//vimage:strong says so", o, name, s.mark.Func.Name.Name)
		}
	}
}

// references returns, for each function of the package, the functions of the
// package that its body mentions.
func (c *checker) references() map[types.Object][]types.Object {
	out := map[types.Object][]types.Object{}
	for _, file := range c.pass.Files {
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			from := c.pass.TypesInfo.Defs[fn.Name]
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					if to, ok := c.pass.TypesInfo.Uses[id].(*types.Func); ok && to.Pkg() == c.pass.Pkg {
						out[from] = append(out[from], to.Origin())
					}
				}
				return true
			})
		}
	}
	return out
}

// reaches reports whether one function leads to another by references.
func reaches(refers map[types.Object][]types.Object, from, to types.Object) bool {
	seen := map[types.Object]bool{}
	next := []types.Object{from}
	for len(next) > 0 {
		at := next[0]
		next = next[1:]
		if at == to {
			return true
		}
		if !seen[at] {
			seen[at] = true
			next = append(next, refers[at]...)
		}
	}
	return false
}

// groups finds groups that the module overrides in part, and slots that are per
// image beside others that are not.
func (c *checker) groups() {
	has := map[[2]string]bool{}
	for _, o := range c.overrides {
		has[o.key()] = true
	}
	mixed := false
	for _, o := range c.overrides {
		var of Slots
		c.pass.ImportPackageFact(o.pkg, &of)
		for _, s := range of.List {
			if o.slot.Group != "" && s.Group == o.slot.Group && !has[[2]string{o.pkg.Path(), s.Name}] {
				c.report(o.mark, ruleGroup, "%s: the module does not override %s, which is in the same group %s", o,
					s.Name, s.Group)
			}
		}
		if first := c.overrides[0]; !mixed && first.slot.PerImage != o.slot.PerImage {
			mixed = true
			c.report(o.mark, ruleGroup,
				"%s: the module overrides slots that are per=image and slots that are not, such as %s: want two "+
					"modules",
				o, first.slot.Name)
		}
	}
}
