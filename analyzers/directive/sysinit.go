package directive

import (
	"fmt"
	"go/ast"
	"strconv"
	"strings"
)

// The verbs by which a function runs when an image comes to be, and when it
// ends.
const (
	Sysinit   = "sysinit"
	Sysuninit = "sysuninit"
)

// A Stage is when such a function runs: by subsystem first, then by order
// within it.
type Stage struct {
	Subsystem, Order uint32
}

// subsystems returns the numbers that have names, and orders does the same. The
// numbers between two names are free.
func subsystems() map[string]uint32 {
	return map[string]uint32{
		"first": 0, "tunables": 0x1000000, "locks": 0x2000000, "memory": 0x3000000, "events": 0x4000000,
		"drivers": 0x5000000, "interfaces": 0x6000000, "protocols": 0x7000000, "services": 0x8000000, "last": 0xfffffff,
	}
}

func orders() map[string]uint32 {
	return map[string]uint32{"first": 0, "second": 1, "third": 2, "fourth": 3, "middle": 0x1000000, "any": 0xfffffff}
}

// sysinit enters one of these verbs.
func (r *reader) sysinit(at place, d ast.Directive, complain func(string, ...any)) {
	stage, err := parseStage(d.Args)
	if err != nil {
		complain("//%s:%s: %v: want SUBSYSTEM ORDER, names or numbers: see vimagegen help words", Tool, d.Name, err)
		return
	}
	fn := at.fn
	switch t := fn.Type; {
	case fn.Recv != nil || t.TypeParams != nil || t.Params.NumFields() != 0 || !nothingOrError(t.Results):
		complain("//%s:%s: function %s cannot be called at start: want func() or func() error", Tool, d.Name, fn.Name.Name)
		return
	case special(fn, d, complain):
		return
	}
	r.enter(Mark{Verb: d.Name, Pos: d.Slash, Func: fn, Args: stage}, complain)
}

// special reports whether a function has no body or a name that cannot be
// called, and complains if so.
func special(fn *ast.FuncDecl, d ast.Directive, complain func(string, ...any)) bool {
	switch {
	case fn.Name.Name == "init" || fn.Name.Name == "main" || fn.Name.Name == "_":
		complain("//%s:%s: function %s has a meaning of its own", Tool, d.Name, fn.Name.Name)
	case fn.Body == nil:
		complain("//%s:%s: function %s has no body", Tool, d.Name, fn.Name.Name)
	default:
		return false
	}
	return true
}

func nothingOrError(results *ast.FieldList) bool {
	if results.NumFields() == 0 {
		return true
	}
	id, ok := results.List[0].Type.(*ast.Ident)
	return ok && id.Name == "error" && results.NumFields() == 1
}

func parseStage(args string) (Stage, error) {
	words := strings.Fields(args)
	if len(words) != 2 {
		return Stage{}, fmt.Errorf("%d words", len(words))
	}
	sub, err := number(words[0], subsystems())
	if err != nil {
		return Stage{}, fmt.Errorf("subsystem %w", err)
	}
	order, err := number(words[1], orders())
	if err != nil {
		return Stage{}, fmt.Errorf("order %w", err)
	}
	return Stage{sub, order}, nil
}

func number(word string, names map[string]uint32) (uint32, error) {
	if n, ok := names[word]; ok {
		return n, nil
	}
	n, err := strconv.ParseUint(word, 0, 28)
	if err != nil {
		return 0, fmt.Errorf("%s is neither a name nor a number from 0 to 0xfffffff", word)
	}
	return uint32(n), nil
}
