package aliases

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/go-vimage/vimage/analyzers/naming"
)

// An editor rewrites files.
type editor struct {
	opts  Options
	files map[*File]*edits
	order []*File
	out   map[string][]byte
	pairs []Pair
}

// edits are what is done to a file: text that changes, and what is appended.
type edits struct {
	pkg     *Package
	file    *File
	changes []change
	tail    bytes.Buffer
	decls   bytes.Buffer      // declarations of other packages' functions, without a body
	copies  bytes.Buffer      // appended last, as positions behind it are the author's
	foreign map[string]string // by symbol: the function that is declared for it
}

// A change replaces the author's text.
type change struct {
	from, to token.Pos
	text     string
}

func (x *edits) replace(from, to token.Pos, text string) {
	x.changes = append(x.changes, change{from, to, text})
}

func (e *editor) edits(f *function) *edits {
	x := e.files[f.file]
	if x == nil {
		x = &edits{pkg: f.pkg, file: f.file, foreign: map[string]string{}}
		e.files[f.file] = x
		e.order = append(e.order, f.file)
	}
	return x
}

// link gives a slot's name to a function that calls the topmost layer, and each
// super function's to one that calls what its layer covers.
func (e *editor) link(s *slot) {
	weak := unused(s.function.pkg, "vimage_weak_"+s.function.decl.Name.Name)
	below, name := s.function, weak
	at := Ref{s.function.pkg.Path, weak}
	for _, l := range s.layers {
		for _, f := range []*function{l.function, l.super} {
			if f != nil {
				e.pairs = append(e.pairs, Pair{at, Ref{f.pkg.Path, f.decl.Name.Name}, s.String()})
			}
		}
		if l.super != nil {
			e.forward(l.super, unused(l.super.pkg, "vimage_own_"+l.super.decl.Name.Name), below, name)
		}
		below, name = l.function, l.function.decl.Name.Name
	}
	e.forward(s.function, weak, below, name)
}

// forward gives a function's declaration another name, and its own name to one
// that calls the target, which is called name in its package.
func (e *editor) forward(f *function, renamed string, target *function, name string) {
	x := e.edits(f)
	x.replace(f.decl.Name.Pos(), f.decl.Name.End(), renamed)
	sig := signature(f)
	call := name
	if target.pkg != f.pkg {
		call = x.declare(f, target.pkg.symbol(name), sig)
	}
	fmt.Fprintf(&x.tail, "\nfunc %s(%s)%s { %s%s(%s) }\n", f.decl.Name.Name, sig.params, sig.results, sig.ret(), call,
		sig.args)
}

// declare returns the name of a function without a body that stands for a
// symbol of another package.
func (x *edits) declare(f *function, symbol string, sig text) string {
	name := x.foreign[symbol]
	if name == "" {
		name = unused(f.pkg, "vimage_link_"+f.decl.Name.Name)
		f.pkg.taken = append(f.pkg.taken, name)
		x.foreign[symbol] = name
		fmt.Fprintf(&x.decls, "\n//go:linkname %s %s\nfunc %s(%s)%s\n", name, symbol, name, sig.params, sig.results)
	}
	return name
}

// unused returns a name that no file of the package has.
func unused(p *Package, name string) string {
	for i := 0; ; i++ {
		try := name
		if i > 0 {
			try += strconv.Itoa(i)
		}
		if !slices.Contains(p.taken, try) && !slices.ContainsFunc(p.Files,
			func(f *File) bool { return bytes.Contains(f.Src, []byte(try)) }) {
			return try
		}
	}
}

// A text is a function's signature, with names for all parameters.
type text struct{ params, results, args, types string }

// ret returns what stands before a call that returns what the function does.
func (t text) ret() string {
	if t.results == "" {
		return ""
	}
	return "return "
}

// with returns the signature with a parameter before the others.
func (t text) with(param, arg string) text {
	return text{
		params: strings.TrimSuffix(param+", "+t.params, ", "), results: t.results,
		args: strings.TrimSuffix(arg+", "+t.args, ", "),
	}
}

func signature(f *function) text {
	var t text
	var params, args, types []string
	spell := func(n ast.Node) string {
		start := f.file.Syntax.FileStart
		return string(f.file.Src[n.Pos()-start : n.End()-start])
	}
	for _, field := range f.decl.Type.Params.List {
		for range max(len(field.Names), 1) {
			name := "vimage_p" + strconv.Itoa(len(params))
			params = append(params, name+" "+spell(field.Type))
			types = append(types, spell(field.Type))
			if _, ok := field.Type.(*ast.Ellipsis); ok {
				name += "..."
			}
			args = append(args, name)
		}
	}
	t.params, t.args = strings.Join(params, ", "), strings.Join(args, ", ")
	t.types = strings.Join(types, ", ")
	if results := f.decl.Type.Results; results != nil {
		var types []string
		for _, field := range results.List {
			for range max(len(field.Names), 1) {
				types = append(types, spell(field.Type))
			}
		}
		t.results = " (" + strings.Join(types, ", ") + ")"
	}
	return t
}

// imports makes a main package, or the tests of another, import the modules. In
// the fixed way it calls their init hooks, in load order; in the loadable one
// they are called by Load.
func (e *editor) imports(k *linker, name, file string) {
	f := jen.NewFile(name)
	f.HeaderComment(naming.Header)
	for _, m := range e.opts.Modules {
		f.Anon(m)
	}
	var calls []jen.Code
	for _, m := range e.opts.Modules {
		i := slices.IndexFunc(k.modules, func(x *module) bool { return x.pkg.Path == m })
		if i < 0 || e.opts.Loadable {
			continue
		}
		for _, h := range k.modules[i].hooks {
			if h.args().Hook != "init" {
				continue
			}
			name := fmt.Sprintf("vimage_init_%d", len(calls)+1)
			f.Anon("unsafe")
			f.Comment("//go:linkname " + name + " " + h.symbol())
			f.Func().Id(name).Params(jen.Qual("context", "Context")).Error()
			calls = append(calls, jen.If(
				jen.Err().Op(":=").Id(name).Call(jen.Qual("context", "Background").Call()),
				jen.Err().Op("!=").Nil(),
			).Block(jen.Panic(jen.Lit("module "+m+": init: ").Op("+").Err().Dot("Error").Call())))
		}
	}
	if calls != nil {
		f.Func().Id("init").Params().Block(calls...)
	}
	e.out[file] = []byte(f.GoString())
}

// Base names of the file with which a main package imports the modules, and of
// the one with which tests do: in the external test package, which may import
// modules that import the tested one.
const (
	importsName     = "vimage_modules.go"
	testImportsName = "vimage_modules_test.go"
)

// result returns all files.
func (e *editor) result() map[string][]byte {
	for _, f := range e.order {
		e.out[f.Path] = e.files[f].apply(f, e.opts.Readable)
	}
	return e.out
}

// apply edits a file. Positions behind changed text stay, by a directive, if
// the text is not to be read.
func (x *edits) apply(f *File, readable bool) []byte {
	at := func(p token.Pos) int { return int(p - f.Syntax.FileStart) }
	if len(x.foreign) > 0 {
		text := `; import _ "unsafe"`
		if readable {
			text = "\n\nimport _ \"unsafe\" // for go:linkname"
		}
		x.replace(f.Syntax.Name.End(), f.Syntax.Name.End(), text)
	}
	slices.SortStableFunc(x.changes, func(a, b change) int { return cmp.Compare(a.from, b.from) })
	var b bytes.Buffer
	last := 0
	for _, c := range x.changes {
		b.Write(f.Src[last:at(c.from)])
		b.WriteString(c.text)
		if last = at(c.to); !readable {
			b.WriteString(position(f, last))
		}
	}
	b.Write(f.Src[last:])
	b.WriteString("\n")
	b.Write(x.tail.Bytes())
	b.Write(x.decls.Bytes())
	b.Write(x.copies.Bytes())
	return b.Bytes()
}

// position says where the author's text goes on.
func position(f *File, offset int) string {
	line := 1 + bytes.Count(f.Src[:offset], []byte("\n"))
	column := offset - bytes.LastIndexByte(f.Src[:offset], '\n')
	return fmt.Sprintf("/*line :%d:%d*/", line, column)
}
