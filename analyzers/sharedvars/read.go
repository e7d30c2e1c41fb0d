package sharedvars

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/runtime/vdso/page"
)

// A Page is a struct that is published.
type Page struct {
	Spec      *ast.TypeSpec
	Name      string // of the page
	Version   string
	Fields    []*Field
	Functions []*Function
}

// A Field is a variable of a page.
type Field struct {
	Name     string
	Pos      token.Pos
	Type     string    // as the page has it: uint64, [4]int16, string[32]
	Kind     page.Type // the same
	Named    string    // the package's own name of the type, or of an array's elements; "" for a basic type
	Array    string    // the package's own name of an array type; "" for none
	Fallback string    // a function of the package, "" for none
}

// A Function computes from a page's variables.
type Function struct {
	Decl     *ast.FuncDecl
	Fallback string
	Uses     []*Field // those that it reads, in the struct's order
}

// A Problem is a declaration that cannot be published.
type Problem struct {
	Pos     token.Pos
	Rule    string
	Message string
}

// File returns the base name of the page's .abi file.
func (p *Page) File() string { return p.Name + ".abi" }

// A reader reads one package.
type reader struct {
	info     *types.Info
	pkg      *types.Package
	pages    []*Page
	problems []Problem
}

// Read returns the pages of a package, in the order of the text, and what is
// wrong with them. Types of other packages may be unknown to info.
func Read(files []*ast.File, info *types.Info, pkg *types.Package) ([]*Page, []Problem) {
	r := &reader{info: info, pkg: pkg}
	var functions []directive.Mark
	for _, f := range files {
		for _, m := range directive.Marks(f) {
			switch m.Verb {
			case directive.SharedPage:
				r.page(m)
			case directive.Vdso:
				functions = append(functions, m)
			}
		}
	}
	for _, m := range functions {
		r.function(m)
	}
	return r.pages, r.problems
}

func (r *reader) problem(pos token.Pos, rule, format string, args ...any) {
	r.problems = append(r.problems, Problem{pos, rule, fmt.Sprintf(format, args...)})
}

func (r *reader) page(m directive.Mark) {
	args := m.Args.(directive.Page)
	p := &Page{Spec: m.Type, Name: args.Name, Version: args.Version}
	name := m.Type.Name.Name
	st, ok := m.Type.Type.(*ast.StructType)
	if !ok || m.Type.TypeParams != nil || m.Type.Assign.IsValid() {
		r.problem(m.Type.Name.Pos(), ruleType, "%s cannot be a shared page: want a struct without type parameters", name)
		return
	}
	for _, other := range r.pages {
		if other.Name == p.Name {
			r.problem(m.Type.Name.Pos(), ruleType, "%s: %s has the page name %s too", name, other.Spec.Name.Name, p.Name)
			return
		}
	}
	good := true
	for _, f := range st.Fields.List {
		if len(f.Names) == 0 {
			r.problem(f.Pos(), ruleType, "%s: an embedded field has no name in the page", name)
			good = false
		}
		for _, id := range f.Names {
			field, why := r.field(f, id)
			if why != "" {
				r.problem(id.Pos(), ruleType, "%s.%s: %s", name, id.Name, why)
				good = false
				continue
			}
			p.Fields = append(p.Fields, field)
		}
	}
	if !good {
		return
	}
	if _, _, err := p.schema(nil).Layout(); err != nil {
		r.problem(m.Type.Name.Pos(), ruleType, "%s: %s", name, strings.TrimPrefix(err.Error(), "page: "))
		return
	}
	r.pages = append(r.pages, p)
}

// taken are the names of methods that each reader has.
func taken(name string) bool {
	switch name {
	case "Start", "Close", "Err", "Check":
		return true
	}
	return false
}

// field reads a field. It returns why it cannot be published.
func (r *reader) field(f *ast.Field, id *ast.Ident) (*Field, string) {
	field := &Field{Name: id.Name, Pos: id.Pos()}
	if id.Name == "_" || taken(id.Name) {
		return nil, "a variable cannot have this name, which generated code uses"
	}
	capacity, why := field.tag(f.Tag)
	if why != "" {
		return nil, why
	}
	if field.Fallback != "" {
		if why := r.getter(field.Fallback, r.info.TypeOf(f.Type)); why != "" {
			return nil, why
		}
	}
	t := r.info.TypeOf(f.Type)
	if t == nil {
		return nil, "its type is unknown"
	}
	elem := t
	if array, ok := types.Unalias(t).Underlying().(*types.Array); ok {
		if named, ok := types.Unalias(t).(*types.Named); ok {
			if field.Array, why = r.own(named); why != "" {
				return nil, why
			}
		}
		elem = array.Elem()
	}
	if named, ok := types.Unalias(elem).(*types.Named); ok {
		if field.Named, why = r.own(named); why != "" {
			return nil, why
		}
	}
	basic, ok := types.Unalias(elem).Underlying().(*types.Basic)
	if !ok || basic.Kind() == types.Invalid {
		return nil, spell(f.Type) +
			" has no layout of its own: want bool, integers, floats, arrays of those, or strings with a capacity"
	}
	if field.Type, why = typeName(basic, capacity); why != "" {
		return nil, why
	}
	if array, ok := types.Unalias(t).Underlying().(*types.Array); ok {
		if basic.Kind() == types.String {
			return nil, "an array of strings has no layout: want one string"
		}
		field.Type = "[" + strconv.FormatInt(array.Len(), 10) + "]" + field.Type
	}
	kind, err := page.ParseType(field.Type)
	if err != nil {
		return nil, strings.TrimPrefix(err.Error(), "page: ")
	}
	field.Kind = kind
	return field, ""
}

// own returns the name of a type of this package.
func (r *reader) own(t *types.Named) (name, why string) {
	if t.Obj().Pkg() != r.pkg || t.TypeArgs() != nil {
		return "", fmt.Sprintf("%s is not a type of this package: want a basic type, or one of this package", t.Obj().Name())
	}
	return t.Obj().Name(), ""
}

// typeName returns a basic type as the page has it.
func typeName(b *types.Basic, capacity int) (name, why string) {
	switch b.Kind() {
	case types.Int, types.Uint:
		return "", fmt.Sprintf("the size of %s depends on the platform: want %s32 or %[1]s64", b.Name(), b.Name())
	case types.Uintptr, types.UnsafePointer:
		return "", fmt.Sprintf("%s is an address of one process", b.Name())
	case types.Complex64, types.Complex128:
		return "", fmt.Sprintf("%s is not known to readers in C: want two floats", b.Name())
	case types.String:
		if capacity == 0 {
			return "", "a string needs a capacity in bytes: `vdso:\"cap=32\"`"
		}
		return fmt.Sprintf("string[%d]", capacity), ""
	}
	if capacity != 0 {
		return "", "only a string has a capacity"
	}
	return types.Typ[b.Kind()].Name(), "" // byte is uint8
}

// tag reads a field's tag.
func (f *Field) tag(lit *ast.BasicLit) (capacity int, why string) {
	if lit == nil {
		return 0, ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return 0, "ill-formed tag"
	}
	value, ok := reflect.StructTag(text).Lookup("vdso")
	if !ok {
		return 0, ""
	}
	for word := range strings.SplitSeq(value, ",") {
		key, v, _ := strings.Cut(word, "=")
		switch key {
		case "cap":
			n, err := strconv.Atoi(v)
			if err != nil || n <= 0 || n > 1<<16 {
				return 0, fmt.Sprintf("capacity %q: want a number of bytes from 1 to 65536", v)
			}
			capacity = n
		case "fallback":
			f.Fallback = v
		default:
			return 0, fmt.Sprintf("tag %q: want cap=BYTES or fallback=FUNC", word)
		}
	}
	return capacity, ""
}

// getter says why a name is no function that returns a value of a type.
func (r *reader) getter(name string, t types.Type) string {
	fn, ok := r.pkg.Scope().Lookup(name).(*types.Func)
	if !ok {
		return fmt.Sprintf("fallback %s is no function of the package", name)
	}
	sig := fn.Signature()
	if sig.TypeParams() != nil || sig.Params().Len() != 0 || sig.Results().Len() != 1 ||
		!types.Identical(sig.Results().At(0).Type(), t) {
		relative := types.RelativeTo(r.pkg)
		return fmt.Sprintf("fallback %s is a %s: want func() %s", name,
			types.TypeString(sig, relative), types.TypeString(t, relative))
	}
	return ""
}

func spell(e ast.Expr) string { return types.ExprString(e) }

// schema returns the page's variables with their versions, given those of an
// earlier version.
func (p *Page) schema(since map[string]page.Var) page.Schema {
	s := page.Schema{Name: p.Name, Version: p.Version}
	for _, f := range p.Fields {
		v := page.Var{Name: f.Name, Type: f.Type, Version: p.Version}
		if old, ok := since[f.Name]; ok && old.Type == f.Type {
			v.Version = old.Version
		}
		s.Vars = append(s.Vars, v)
	}
	return s
}

// Schema returns the page's variables when there is no earlier version.
func (p *Page) Schema() page.Schema { return p.schema(nil) }

// Merge returns the page's variables, each with the version in which it got its
// type, given the schema of the .abi file; and what must not have changed.
func (p *Page) Merge(old page.Schema) (page.Schema, []Problem) {
	var problems []Problem
	complain := func(pos token.Pos, format string, args ...any) {
		problems = append(problems, Problem{pos, ruleChanged, fmt.Sprintf(format, args...)})
	}
	order := page.CompareVersions(p.Version, old.Version)
	switch {
	case old.Name != p.Name:
		complain(p.Spec.Name.Pos(), "%s is about page %s, not %s", p.File(), old.Name, p.Name)
		return page.Schema{}, problems
	case order < 0:
		complain(p.Spec.Name.Pos(), "version %s of page %s is older than %s, which %s has",
			p.Version, p.Name, old.Version, p.File())
		return page.Schema{}, problems
	}
	since, now := map[string]page.Var{}, map[string]*Field{}
	for _, f := range p.Fields {
		now[f.Name] = f
	}
	for _, v := range old.Vars {
		since[v.Name] = v
		f := now[v.Name]
		switch {
		case order > 0 || f != nil && f.Type == v.Type:
		case f == nil:
			complain(p.Spec.Name.Pos(),
				"field %s of page %s was removed in version %s, which has it in %s: give the page a new version",
				v.Name, p.Name, p.Version, p.File())
		default:
			complain(f.Pos, "field %s of page %s has type %s, but %s in %s for version %s: give the page a new version",
				v.Name, p.Name, f.Type, v.Type, p.File(), p.Version)
		}
	}
	return p.schema(since), problems
}
