package directive

import "go/ast"

// Pcpustat makes counters of variables: each image has one for each P.
const Pcpustat = "pcpustat"

// pcpustat parses the verb, which has no arguments.
func (r *reader) pcpustat(at place, d ast.Directive, complain func(string, ...any)) {
	for _, id := range at.vars {
		r.enter(Mark{Verb: d.Name, Pos: d.Slash, Var: id}, complain)
	}
}
