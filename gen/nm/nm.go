package nm

import (
	"cmp"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/objects"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/rewrite"
)

// A Class is what a symbol is.
type Class string

const (
	Virtual     Class = "virtual" // of the plan
	Shared      Class = "shared"
	Refused     Class = "refused"
	Compiler    Class = "compiler" // made by the toolchain
	Vimage      Class = "vimage"   // made by vimagegen
	Unaccounted Class = "unaccounted"
)

// A Symbol is one symbol of writable data, and what accounts for it.
type Symbol struct {
	Package string `json:"package"`
	Name    string `json:"name"` // without the package's path
	Memory  string `json:"memory"`
	Size    int64  `json:"size"`
	Class   Class  `json:"class"`
	Reason  string `json:"reason"`
	Place   string `json:"place,omitempty"`
}

// A Report is all symbols, by package and name.
type Report struct {
	Packages []string            `json:"packages"`
	Symbols  []Symbol            `json:"symbols"`
	Totals   map[Class]int       `json:"totals"`
	Made     map[string]int      `json:"made"`           // of the toolchain's, how many of which kind
	Same     map[string][]string `json:"same,omitempty"` // unexported names that stand in several packages
}

// Accountant accounts for the symbols of one build.
type Accountant struct {
	Plan   *plan.Plan
	Build  rewrite.Build // plain, or one that is rewritten; "" if that is not known
	Names  []rewrite.Name
	Rel    func(path string) string // spells a path
	byName map[plan.Key]string      // nop names -> the author's
}

// Account gives the symbols of one package, by its import path and the prefix
// of its names, their classes.
func (a *Accountant) Account(path, prefix string, symbols []objects.Writable) []Symbol {
	if a.byName == nil {
		a.byName = map[plan.Key]string{}
		for _, n := range a.Names {
			if !n.Field {
				a.byName[plan.Key{Pkg: n.Pkg, Name: n.New}] = n.Old
			}
		}
	}
	var out []Symbol
	seen := map[string]bool{}
	for _, w := range symbols {
		s, v := a.symbol(path, prefix, w)
		if w.Native && seen[s.Name] { // cgo's own name for a C variable, and C's
			continue
		}
		seen[s.Name] = true
		if a.matters(path, v) {
			out = append(out, s)
		}
	}
	return out
}

// matters reports whether a symbol is accounted for. Of a standard package only
// those variables are that the plan has in a container: the rest is the
// toolchain's, and stays as it is.
func (a *Accountant) matters(path string, v *plan.Var) bool {
	return !a.Plan.Packages[path].Standard || v != nil && v.Fate == plan.Virtual && v.Start != plan.Template
}

// ofFile is the mark that toolchains give to a file's own symbols: name<1>.
var ofFile = regexp.MustCompile(`<\d+>$`)

// symbol returns what a symbol is, and the variable of the plan that it is the
// symbol of.
func (a *Accountant) symbol(path, prefix string, w objects.Writable) (Symbol, *plan.Var) {
	s := Symbol{Package: path, Memory: w.Memory, Size: w.Size}
	pkg := a.Plan.Packages[path]
	name := ofFile.ReplaceAllString(w.Name, "")
	local, own := strings.CutPrefix(name, prefix)
	if s.Name = name; own {
		s.Name = local
	}
	if made := toolchains(name, local, own); made != "" {
		s.Class, s.Reason = Compiler, made
		return s, nil
	}
	if v := a.linknamed(pkg)[name]; v != nil {
		s.Name = v.Name + " (" + name + ")"
		return a.planned(s, v), v
	}
	if w.Native || !own && w.Member == "_go_.o" {
		return a.c(s, pkg), nil
	}
	if _, renamed := a.byName[plan.Key{Pkg: path, Name: local}]; renamed {
		local = a.byName[plan.Key{Pkg: path, Name: local}]
	}
	v := pkg.Vars[local]
	switch {
	case v != nil:
		return a.planned(s, v), v
	case ours(local):
		s.Class, s.Reason = Vimage, "a container, or what registers and starts one"
		return s, nil
	case strings.HasPrefix(local, "_cgo_") || strings.HasPrefix(local, "_C"):
		s.Class, s.Reason = Compiler, "cgo's own"
		return s, nil
	}
	s.Class, s.Reason = Unaccounted, "no declaration of it is in the plan"
	if w.Member != "_go_.o" {
		s.Reason = "assembly defines it (" + w.Member + "), which no Go declaration names"
	}
	return s, nil
}

// linknamed returns the package's variables that go:linkname gives other
// symbols, by these.
func (a *Accountant) linknamed(pkg *plan.Package) map[string]*plan.Var {
	out := map[string]*plan.Var{}
	for _, lp := range pkg.Variants {
		for _, f := range lp.Files {
			for _, l := range plan.Linknames(f) {
				if v := pkg.Vars[l.Local]; l.Symbol != "" && v != nil {
					out[l.Symbol] = v
				}
			}
		}
	}
	return out
}

// planned tells what the plan says of a variable that has a symbol.
func (a *Accountant) planned(s Symbol, v *plan.Var) Symbol {
	s.Class, s.Reason = Class(v.Fate.String()), v.Reason
	at := a.Plan.Prog.Fset.Position(v.Pos)
	if at.IsValid() {
		at.Filename = a.Rel(at.Filename)
		s.Place = at.String()
	}
	moved := a.Build == rewrite.Vimage || a.Build == rewrite.Static
	switch {
	case v.Fate == plan.Virtual && v.Start == plan.Template:
		s.Reason = "each image's begins as a copy of this one: " + v.Reason
	case v.Fate == plan.Virtual && moved:
		s.Class, s.Reason = Unaccounted, "the plan has it in a container, and it has a symbol of its own"
	}
	return s
}

// c accounts for what is no Go variable of the package.
func (a *Accountant) c(s Symbol, pkg *plan.Package) Symbol {
	name := regexp.MustCompile(`\.\d+$`).ReplaceAllString(s.Name, "") // a static of a C function
	s.Class, s.Reason = Unaccounted, "a variable of C code whose declaration was not seen"
	for _, f := range a.Plan.Findings {
		if f.Name == "C variable "+name && in(pkg, f.Pos) {
			f.Pos.Filename = a.Rel(f.Pos.Filename)
			s.Class, s.Reason, s.Place = Refused, f.Reason, f.Pos.String()
		}
	}
	if a.Plan.SharedC[pkg.Path] {
		s.Class, s.Reason = Shared, "a variable of C code, by the user's word in vimage.settings"
	}
	return s
}

func in(pkg *plan.Package, pos token.Position) bool {
	for _, lp := range pkg.Variants {
		if lp.Dir == filepath.Dir(pos.Filename) {
			return true
		}
	}
	return false
}

// ours reports whether a name is given by vimagegen.
func ours(local string) bool {
	return strings.HasPrefix(local, "vnet_") || strings.HasPrefix(local, "VNET0_") || strings.HasPrefix(local, naming.Alias)
}

// toolchains says what a symbol that the compiler, the linker or cgo makes for
// itself is for, or nothing.
func toolchains(name, local string, own bool) string {
	if own && strings.HasPrefix(local, ".") {
		for _, k := range []struct{ prefix, what string }{
			{".stmp_", "static value of a composite literal or a string"},
			{".inittask", "list of the package's init functions"},
			{".dict", "dictionary of a generic function"},
			{".gobytes", "bytes of a []byte"},
			{".typeAssert", "cache of a type assertion"},
			{".interfaceSwitch", "cache of a type switch"},
			{".typeSwitch", "cache of a type switch"},
			{".autotmp", "temporary"},
			{".arraylit", "static value of a composite literal or a string"},
		} {
			if strings.HasPrefix(local, k.prefix) {
				return k.what
			}
		}
		return "the compiler's, of a kind that is not known: " + local
	}
	for _, k := range []struct{ prefix, what string }{
		{"go:itab.", "table of an interface's methods"},
		{"go:string.", "string"},
		{"go:", "linker's own"},
		{"type:", "type descriptor"},
		{"runtime.gcbits", "pointer map"},
		{"gclocals", "pointer map"},
		{"runtime.cgo", "cgo's own"},
		{"runtime/cgo.", "cgo's own"},
		{"_cgo_", "cgo's own"},
		{"_cgoexp_", "cgo's own"},
		{"x_cgo", "cgo's own"},
		{"__cgo", "cgo's own"},
		{"local.", "linker's own"},
		{"..stmp_", "static value of a composite literal or a string"},
	} {
		if strings.HasPrefix(name, k.prefix) {
			return k.what
		}
	}
	switch {
	case own && (strings.HasPrefix(local, "goCover_") || strings.HasPrefix(local, "GoCover")):
		return "coverage counters"
	case strings.Contains(name, "..dict") || own && strings.Contains(local, "..dict"):
		return "dictionary of a generic function"
	}
	return ""
}

// NewReport sorts and counts.
func NewReport(packages []string, symbols []Symbol) *Report {
	slices.SortFunc(symbols, func(a, b Symbol) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Memory, b.Memory))
	})
	slices.Sort(packages)
	r := &Report{Packages: packages, Symbols: symbols, Totals: map[Class]int{}, Made: map[string]int{}, Same: map[string][]string{}}
	for _, s := range symbols {
		r.Totals[s.Class]++
		switch {
		case s.Class == Compiler:
			r.Made[s.Reason]++
		case s.Class != Vimage && !token.IsExported(s.Name) && !slices.Contains(r.Same[s.Name], s.Package):
			r.Same[s.Name] = append(r.Same[s.Name], s.Package)
		}
	}
	for name, in := range r.Same {
		if len(in) < 2 {
			delete(r.Same, name)
		}
	}
	return r
}
