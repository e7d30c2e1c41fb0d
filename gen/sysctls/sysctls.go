// Package sysctls makes the files that register settings (//vimage:sysctl).
//
// Input: the syntax of one of the author's files. Output: the file to be
// committed beside it. An init function there calls package
// runtime/vimage/sysctl for each directive, under the author's build
// constraints:
//
//	vnetpkg_sysctl.Var("net.ttl", &ttl, vnetpkg_sysctl.RW, "Time to live")
//
// Limits: it uses no types. If a variable's type does not fit, the compiler
// reports it, at the author's declaration.
package sysctls

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/token"
	"strconv"
	"strings"

	"mvdan.cc/gofumpt/format"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/analyzers/naming"
)

// Path is the import path of the package that is called.
const Path = "github.com/go-vimage/vimage/runtime/vimage/sysctl"

const (
	prefix = "zz_sysctl_"
	local  = naming.Import + "sysctl" // the package may use the plain name
)

// Name returns the base name of the file beside base.
func Name(base string) string { return prefix + base }

// Beside returns the base name of the author's file that a generated one
// belongs to, and whether it is one by name.
func Beside(base string) (string, bool) { return strings.CutPrefix(base, prefix) }

// Marks returns the file's marks for sysctls.
func Marks(f *ast.File) []directive.Mark {
	var list []directive.Mark
	for _, m := range directive.Marks(f) {
		if m.Verb == directive.Sysctl {
			list = append(list, m)
		}
	}
	return list
}

// File returns the content of the generated file, or nil if nothing is marked.
func File(fset *token.FileSet, f *ast.File) ([]byte, error) {
	marks := Marks(f)
	if len(marks) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	if c := constraints(f); c != "" {
		b.WriteString(c + "\n\n")
	}
	fmt.Fprintf(&b, "// %s\n\npackage %s\n\nimport %s %q\n\nfunc init() {\n", naming.Header, f.Name.Name, local, Path)
	for _, m := range marks {
		s := m.Args.(directive.Setting)
		name := m.Var
		if m.Func != nil {
			name = m.Func.Name
		}
		at := fset.PositionFor(name.Pos(), false)
		base := at.Filename[strings.LastIndexAny(at.Filename, `/\`)+1:]
		mode := "RO"
		if s.Writable {
			mode = "RW"
		}
		// A compiler's complaint about the type belongs to the author's line.
		fmt.Fprintf(&b, "//line %s:%d\n", base, at.Line)
		if m.Func != nil {
			fmt.Fprintf(&b, "\t%s.Computed(%q, %s, %s", local, s.Name, name.Name, strconv.Quote(s.Description))
		} else {
			fmt.Fprintf(&b, "\t%s.Var(%q, &%s, %s.%s, %s", local, s.Name, name.Name, local, mode, strconv.Quote(s.Description))
		}
		for _, l := range s.Limits {
			fn := map[string]string{"min": "Min", "max": "Max", "oneof": "OneOf", "enum": "Enum"}[l.Kind]
			var values []string
			for _, v := range l.Values {
				values = append(values, strconv.Quote(v))
			}
			fmt.Fprintf(&b, ", %s.%s(%s)", local, fn, strings.Join(values, ", "))
		}
		b.WriteString(")\n")
	}
	b.WriteString("}\n")
	return format.Source(b.Bytes(), format.Options{LangVersion: "go1.21"})
}

// constraints returns the file's build constraint.
func constraints(f *ast.File) string {
	for _, group := range f.Comments {
		if group.Pos() > f.Package {
			break
		}
		for _, c := range group.List {
			if constraint.IsGoBuild(c.Text) {
				return c.Text
			}
		}
	}
	return ""
}
