package aliases

import (
	"cmp"
	"fmt"
	"go/ast"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"mvdan.cc/gofumpt/format"

	"github.com/go-vimage/vimage/analyzers/naming"
)

// Path is the import path of the package that generated code of the loadable
// way calls.
const Path = "github.com/go-vimage/vimage/runtime/alias"

func (e *editor) fileName() string { return cmp.Or(e.opts.File, "vimage_aliases.go") }

// loadable makes slots dispatch, and declares groups and modules.
func (e *editor) loadable(k *linker) error {
	made := map[*Package]*declarations{}
	var order []*declarations
	of := func(p *Package) *declarations {
		if made[p] == nil {
			made[p] = &declarations{
				k: k, e: e, pkg: p, file: jen.NewFile(p.Name), inits: [2]*jen.Statement{{}, {}},
				layers: map[*group]string{},
			}
			order = append(order, made[p])
		}
		return made[p]
	}
	for _, g := range k.groups {
		if e.opts.Own == nil || e.opts.Own(g.pkg.Path) {
			of(g.pkg).group(g)
		}
	}
	for _, m := range k.modules {
		of(m.pkg).module(m)
	}
	for _, d := range order {
		text, err := d.text()
		if err != nil {
			return fmt.Errorf("%s: %w", d.pkg.Path, err)
		}
		e.out[filepath.Join(d.pkg.Dir, e.fileName())] = text
	}
	return nil
}

// number returns a module's case in the dispatch functions, 0 if it has none.
func (e *editor) number(p *Package) int { return slices.Index(e.opts.Modules, p.Path) + 1 }

// Names that generated code of one package refers to in another's.
func (g *group) variable() string  { return "vimage_group_" + g.name }
func (g *group) accessor() string  { return "vimage_group_of_" + g.name }
func (s *slot) call() string       { return "vimage_call_" + s.function.decl.Name.Name }
func (g *group) perImage() bool    { return g.slots[0].perImage() }
func (m *module) slots() []*slot   { return slices.SortedFunc(maps.Keys(m.own), slotOrder) }
func (m *module) perImage() bool   { s := m.slots(); return len(s) > 0 && s[0].perImage() }
func (m *module) groups() []*group { return uniqueGroups(m.slots()) }
func slotOrder(a, b *slot) int     { return cmp.Compare(a.key(), b.key()) }
func (s *slot) key() string        { return s.function.pkg.Path + "." + s.function.decl.Name.Name }

const (
	moduleName     = "vimage_module"
	moduleAccessor = "vimage_module_of"
	linkType       = "vimage_link"
	exportsName    = "vimage_exports"
)

func uniqueGroups(slots []*slot) (out []*group) {
	for _, s := range slots {
		if !slices.Contains(out, s.group) {
			out = append(out, s.group)
		}
	}
	return out
}

// declarations is the file that is added to a package.
type declarations struct {
	k      *linker
	e      *editor
	pkg    *Package
	file   *jen.File
	inits  [2]*jen.Statement // for the process, and for each image
	unsafe bool
	link   bool // it declares linkType
	// exports is whether it declares exportsName: a slice of which the linkers
	// of all images have one copy.
	exports bool
	layers  map[*group]string
}

// variable declares a variable that is one for all images, or one for each.
func (d *declarations) variable(name string, perImage bool, value jen.Code) {
	word := "//vimage:shared all images run the same modules"
	if perImage {
		word = "//vimage:virtual each image has its own layers"
	}
	d.file.Comment(word)
	d.file.Var().Id(name).Op("=").Add(value)
	d.file.Line()
}

func (d *declarations) linkAlias() {
	if !d.link {
		d.link = true
		d.file.Type().Id(linkType).Op("=").Qual(Path, "Link")
		d.file.Line()
	}
}

// register adds a statement that calls a function of package alias, or its
// counterpart for what is per image. The two are in init functions of their
// own: in a committed build only the second runs in each image.
func (d *declarations) register(process, image string, perImage bool, args ...jen.Code) {
	if perImage {
		d.inits[1].Qual(Path, image).Call(args...).Line()
	} else {
		d.inits[0].Qual(Path, process).Call(args...).Line()
	}
}

// group declares a group and makes its slots dispatch.
func (d *declarations) group(g *group) {
	d.linkAlias()
	var slots, functions []jen.Code
	functions = append(functions, jen.Op("&").Id(g.variable()))
	for _, s := range g.slots {
		f := s.function
		slots = append(slots, jen.Values(jen.Dict{
			jen.Id("Name"):     jen.Lit(s.key()),
			jen.Id("ABI"):      jen.Lit(d.k.abi(f.pkg, f.file, f.decl.Type)),
			jen.Id("Dispatch"): jen.Lit(f.pkg.symbol(s.call())),
		}))
		functions = append(functions, jen.Id(f.decl.Name.Name))
		d.e.dispatch(s)
	}
	values := jen.Dict{
		jen.Id("Name"):  jen.Lit(g.pkg.Path + "." + g.name),
		jen.Id("Slots"): jen.Index().Qual(Path, "Slot").Values(slots...),
	}
	if g.perImage() {
		values[jen.Id("PerImage")] = jen.True()
	}
	d.variable(g.variable(), g.perImage(), jen.Qual(Path, "Group").Values(values))
	d.file.Func().Id(g.accessor()).Params().Op("*").Qual(Path, "Group").Block(jen.Return(jen.Op("&").Id(g.variable())))
	d.file.Line()
	d.register("RegisterGroup", "RegisterImageGroup", g.perImage(), functions...)
	if i := slices.IndexFunc(d.k.groups,
		func(x *group) bool { return x.pkg == g.pkg && x.perImage() == g.perImage() }); d.k.groups[i] != g {
		return // the package's declarations are exported already
	}
	var exported []jen.Code
	symbols := d.k.exports(g.pkg)
	for _, name := range slices.Sorted(maps.Keys(symbols)) {
		exported = append(exported, jen.Line().Qual(Path, "Symbol").Add(symbolValues(symbols[name])))
	}
	if exported == nil {
		return
	}
	if !d.exports {
		d.exports = true
		d.file.Comment("//vimage:shared a constant")
		d.file.Var().Id(exportsName).Op("=").Index().Qual(Path, "Symbol").Values(append(exported, jen.Line())...)
		d.file.Line()
	}
	d.register("Export", "ExportImage", g.perImage(), jen.Id(exportsName).Op("..."))
}

func symbolValues(s symbol) jen.Code {
	return jen.Values(jen.Dict{jen.Id("Name"): jen.Lit(s.name), jen.Id("ABI"): jen.Lit(s.abi)})
}

// module declares a module with its layers.
func (d *declarations) module(m *module) {
	d.linkAlias()
	var layers []jen.Code
	registered := []jen.Code{jen.Op("&").Id(moduleName)}
	for _, g := range m.groups() {
		if funcs := d.layer(m, g); funcs != nil {
			registered = append(registered, funcs)
		}
		layers = append(layers, jen.Op("&").Id(d.layerName(g)))
	}
	values := jen.Dict{jen.Id("Name"): jen.Lit(m.pkg.Path)}
	if layers != nil {
		values[jen.Id("Layers")] = jen.Index().Op("*").Qual(Path, "Layer").Values(layers...)
	}
	if m.perImage() {
		values[jen.Id("PerImage")] = jen.True()
	}
	var needs []jen.Code
	for i, n := range d.k.needs(m) {
		name := fmt.Sprintf("vimage_needs_%d", i+1)
		d.linked(name, n.pkg.symbol(moduleAccessor), "Module")
		needs = append(needs, jen.Id(name).Call())
	}
	if needs != nil {
		values[jen.Id("Needs")] = jen.Index().Op("*").Qual(Path, "Module").Values(needs...)
	}
	if symbols := d.k.generatedAgainst(m); symbols != nil {
		var list []jen.Code
		for _, s := range symbols {
			list = append(list, jen.Line().Add(symbolValues(s)))
		}
		values[jen.Id("Symbols")] = jen.Index().Qual(Path, "Symbol").Values(append(list, jen.Line())...)
	}
	for _, h := range m.hooks {
		hook := h.args().Hook
		values[jen.Id(strings.ToUpper(hook[:1])+hook[1:])] = jen.Id(h.decl.Name.Name)
	}
	d.variable(moduleName, m.perImage(), jen.Qual(Path, "Module").Values(values))
	d.file.Func().Id(moduleAccessor).Params().Op("*").Qual(Path, "Module").Block(jen.Return(jen.Op("&").Id(moduleName)))
	d.file.Line()
	d.register("Register", "RegisterImage", m.perImage(), registered...)
}

// layerName returns the name of a module's layer for a group. Two groups of
// packages with the same name may have one.
func (d *declarations) layerName(g *group) string {
	if d.layers[g] == "" {
		d.layers[g] = unused(d.pkg, "vimage_layer_"+g.pkg.Name+"_"+g.name)
		d.pkg.taken = append(d.pkg.taken, d.layers[g])
	}
	return d.layers[g]
}

// linked declares a function of another package that returns a pointer.
func (d *declarations) linked(name, symbol, typ string) {
	d.unsafe = true
	d.file.Comment("//go:linkname " + name + " " + symbol)
	d.file.Func().Id(name).Params().Op("*").Qual(Path, typ)
	d.file.Line()
}

// layer declares a module's layer for a group, and its super functions. It
// returns the functions of a layer that has no number.
func (d *declarations) layer(m *module, g *group) (funcs jen.Code) {
	accessor := strings.Replace(d.layerName(g), "vimage_layer_", "vimage_of_", 1)
	d.linked(accessor, g.pkg.symbol(g.accessor()), "Group")
	var abi, symbols, functions []jen.Code
	for _, s := range g.slots {
		l := m.own[s]
		abi = append(abi, jen.Lit(d.k.abi(s.function.pkg, s.function.file, s.function.decl.Type)))
		symbols = append(symbols, jen.Lit(l.function.symbol()))
		at := Ref{s.function.pkg.Path, s.function.decl.Name.Name}
		if d.e.opts.Own == nil || d.e.opts.Own(at.Pkg) {
			at.Name = "vimage_weak_" + at.Name // whose parameters have their author's names
		}
		for _, f := range []*function{l.function, l.super} {
			if f != nil {
				d.e.pairs = append(d.e.pairs, Pair{at, Ref{f.pkg.Path, f.decl.Name.Name}, s.String()})
			}
		}
		functions = append(functions, jen.Id(l.function.decl.Name.Name))
		d.e.super(s, l, d.layerName(g))
	}
	values := jen.Dict{
		jen.Id("Group"):  jen.Id(accessor).Call(),
		jen.Id("ABI"):    jen.Index().String().Values(abi...),
		jen.Id("Symbol"): jen.Index().String().Values(symbols...),
	}
	if n := d.e.number(m.pkg); n > 0 {
		values[jen.Id("Number")] = jen.Lit(n)
	} else {
		funcs = jen.Index().Any().Values(functions...)
	}
	d.variable(d.layerName(g), g.perImage(), jen.Qual(Path, "Layer").Values(values))
	return funcs
}

// text returns the file.
func (d *declarations) text() ([]byte, error) {
	d.file.HeaderComment(naming.Header)
	d.file.ImportName(Path, "alias")
	d.file.ImportAlias(Path, "vimage_alias")
	if d.unsafe {
		d.file.Anon("unsafe")
	}
	for _, inits := range d.inits {
		if len(*inits) > 0 {
			d.file.Func().Id("init").Params().Block(inits)
			d.file.Line()
		}
	}
	var b strings.Builder
	if err := d.file.Render(&b); err != nil {
		return nil, err
	}
	return format.Source([]byte(b.String()), format.Options{})
}

// needs returns the modules that a module imports, by other packages too.
func (k *linker) needs(m *module) (out []*module) {
	seen := map[string]bool{}
	var visit func(p *Package)
	visit = func(p *Package) {
		for _, at := range p.Imports {
			q := k.packages[at]
			if q == nil || seen[at] {
				continue
			}
			seen[at] = true
			if i := slices.IndexFunc(k.modules, func(n *module) bool { return n.pkg == q }); i >= 0 {
				out = append(out, k.modules[i])
				continue // what that needs is its own affair
			}
			visit(q)
		}
	}
	visit(m.pkg)
	slices.SortFunc(out, func(a, b *module) int { return cmp.Compare(a.pkg.Path, b.pkg.Path) })
	return out
}

// generatedAgainst returns the declarations of the kernel that a module
// mentions.
func (k *linker) generatedAgainst(m *module) (out []symbol) {
	var seen []*Package
	for _, g := range m.groups() {
		if slices.Contains(seen, g.pkg) {
			continue
		}
		seen = append(seen, g.pkg)
		exports, mentioned := k.exports(g.pkg), map[string]bool{}
		for _, f := range m.pkg.Files {
			maps.Copy(mentioned, k.mentions(f, g.pkg))
		}
		for _, name := range slices.Sorted(maps.Keys(mentioned)) {
			if s, ok := exports[name]; ok {
				out = append(out, s)
			}
		}
	}
	return out
}

// dispatch makes a slot call the layers that stand on it when it is called. The
// author's function keeps its name and its body, so that the stub costs one
// load more than it did; a copy of the body is what the lowest layer covers.
func (e *editor) dispatch(s *slot) {
	f, sig := s.function, signature(s.function)
	x := e.edits(f)
	top := "vimage_group_" + s.group.name + ".Top"
	weak := "vimage_weak_" + f.decl.Name.Name
	args := x.nameParams(f)
	x.prologue(f, fmt.Sprintf("!%s.Stub()", top), strings.TrimSuffix(s.call()+"(&"+top+", "+args, ", ")+")", sig,
		e.opts.Readable)

	typed := sig.with("vimage_k *"+linkType, "")
	indent := "\n\t\t"
	ret := func(call string) string {
		if sig.results == "" {
			return call + "(" + sig.args + ")"
		}
		return "return " + call + "(" + sig.args + ")"
	}
	stub := ret(weak)
	if sig.results == "" {
		stub += indent + "return"
	}
	fmt.Fprintf(&x.tail, "\nfunc %s(%s)%s {\n\tvimage_l := vimage_k.Read()\n\tif vimage_l == nil {%s%s\n\t}\n",
		s.call(), typed.params, sig.results, indent, stub)
	x.tail.WriteString("\tvimage_in, vimage_ok := vimage_k.Try(vimage_l)\n\tif !vimage_ok {\n")
	fmt.Fprintf(&x.tail, "\t\tif vimage_in = vimage_k.Enter(); vimage_in.Layer == nil {%s%s\n\t\t}\n\t}\n",
		indent+"\t", strings.ReplaceAll(stub, indent, indent+"\t"))
	x.tail.WriteString("\tdefer vimage_in.Leave()\n\tswitch vimage_in.Number {\n")
	for _, l := range s.layers {
		if n := e.number(l.function.pkg); n > 0 {
			fmt.Fprintf(&x.tail, "\tcase %d:%s%s\n", n, indent, ret(x.reference(f, l.function, sig)))
		}
	}
	i := slices.Index(s.group.slots, s)
	fmt.Fprintf(&x.tail, "\tdefault:%s%s\n\t}\n}\n", indent,
		ret(fmt.Sprintf("vimage_in.Funcs[%d].(func(%s)%s)", i, sig.types, sig.results)))
	x.copyBody(f, weak, e.opts.Readable)
}

// reference returns the name by which a function is called in the file of
// another.
func (x *edits) reference(from, to *function, sig text) string {
	if to.pkg == from.pkg {
		return to.decl.Name.Name
	}
	x.declare(from, to.symbol(), sig)
	return x.foreign[to.symbol()]
}

// super makes a module's super function call what its layer covers.
func (e *editor) super(s *slot, l *layer, variable string) {
	f := l.super
	if f == nil {
		return
	}
	x, sig := e.edits(f), signature(f)
	x.replace(f.decl.Name.Pos(), f.decl.Name.End(), unused(f.pkg, "vimage_own_"+f.decl.Name.Name))
	with := sig.with("vimage_k *"+linkType, "&"+variable+".Super")
	call := s.call()
	if s.function.pkg != f.pkg {
		call = x.declare(f, s.function.pkg.symbol(call), with)
	}
	fmt.Fprintf(&x.tail, "\nfunc %s(%s)%s { %s%s(%s) }\n", f.decl.Name.Name, sig.params, sig.results, sig.ret(), call,
		with.args)
}

// nameParams gives names to a function's parameters that have none, and returns
// all of them as arguments.
func (x *edits) nameParams(f *function) string {
	var args []string
	for _, field := range f.decl.Type.Params.List {
		dots := ""
		if _, ok := field.Type.(*ast.Ellipsis); ok {
			dots = "..."
		}
		if len(field.Names) == 0 {
			name := fmt.Sprintf("vimage_p%d", len(args))
			x.replace(field.Type.Pos(), field.Type.Pos(), name+" ")
			args = append(args, name+dots)
		}
		for _, id := range field.Names {
			name := id.Name
			if name == "_" {
				name = fmt.Sprintf("vimage_p%d", len(args))
				x.replace(id.Pos(), id.End(), name)
			}
			args = append(args, name+dots)
		}
	}
	return strings.Join(args, ", ")
}

// prologue puts a call at the head of a function's body that is made under a
// condition in place of the body.
func (x *edits) prologue(f *function, condition, call string, sig text, readable bool) {
	at := f.decl.Body.Lbrace + 1
	if readable {
		text := "\n\tif " + condition + " {\n\t\t" + call + "\n\t\treturn\n\t}\n"
		if sig.results != "" {
			text = "\n\tif " + condition + " {\n\t\treturn " + call + "\n\t}\n"
		}
		x.replace(at, at, text)
		return
	}
	then := call + "; return"
	if sig.results != "" {
		then = "return " + call
	}
	x.replace(at, at, " if "+condition+" { "+then+" };")
}

// copyBody appends a copy of a function under another name.
func (x *edits) copyBody(f *function, name string, readable bool) {
	start := f.file.Syntax.FileStart
	from, to := int(f.decl.Name.End()-start), int(f.decl.Body.End()-start)
	text := "\nfunc " + name
	if !readable {
		text += position(f.file, from)
	}
	x.copies.WriteString(text + string(f.file.Src[from:to]) + "\n")
}
