package directive

import (
	"fmt"
	"go/ast"
	"go/token"
)

// A Mark is one verb above a declaration, with its arguments. The verbs shared
// and virtual are a [Word] instead.
type Mark struct {
	Verb string
	Pos  token.Pos

	// The declaration: one of them is set.
	Var  *ast.Ident
	Func *ast.FuncDecl
	Type *ast.TypeSpec

	// Args has the type that the verb's parser makes: [Setting], [Stage],
	// [Alias], [Page] or [Stub]. It is nil for a verb without arguments.
	Args any
}

// Marks returns the valid marks of a file, in the order of the text. [Read]
// reports the others.
func Marks(f *ast.File) []Mark { return newReader(f).marks }

// enter adds a mark, unless its declaration has one already.
func (r *reader) enter(m Mark, complain func(string, ...any)) {
	if m.Var != nil && m.Var.Name == "_" {
		complain("//%s:%s does not stand above a variable that has a name", Tool, m.Verb)
		return
	}
	for _, old := range r.marks {
		if m.Var != nil && old.Var == m.Var || m.Type != nil && old.Type == m.Type || m.Func != nil && old.Func == m.Func {
			switch {
			case old.Verb == m.Verb:
				complain("a second //%s:%s above the same declaration", Tool, m.Verb)
			case m.Func != nil:
				complain("//%s:%s contradicts //%s:%s above the same function %s", Tool, m.Verb, Tool, old.Verb, m.Func.Name.Name)
			default:
				complain("//%s:%s contradicts //%s:%s above the same variable %s", Tool, m.Verb, Tool, old.Verb, m.Var.Name)
			}
			return
		}
	}
	r.marks = append(r.marks, m)
}

// contradictions reports counters by P that are shared.
func (r *reader) contradictions() {
	for _, m := range r.marks {
		if m.Verb == Pcpustat && r.words[m.Var].Verb == Shared {
			r.problems = append(r.problems, Problem{m.Pos, fmt.Sprintf("//%s:%s contradicts //%s:%s above the same variable %s",
				Tool, Pcpustat, Tool, Shared, m.Var.Name)})
		}
	}
}
