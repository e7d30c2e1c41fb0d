package directive

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// The verbs of functions that others may override, and of those that do.
const (
	Weak   = "weak"   // a slot: its body runs when nothing overrides it
	Strong = "strong" // overrides a slot
	Refine = "refine" // overrides a slot, and calls what it covers
	Super  = "super"  // stands for what the refining function covers
	Module = "module" // is called when the module is loaded or unloaded
)

// An Alias is the arguments of one of these verbs.
type Alias struct {
	// Package and Slot name the slot that the function is for: the package by
	// its name in the file, or by its import path. Both are empty for Weak.
	Package, Slot string
	Group         string // of Weak: slots of one group change at once; "" for a group of its own
	PerImage      bool   // of Weak: each image has its own layers
	Hook          string // of Module: "init", "catch", "uncatch" or "fini"
}

// alias enters one of these verbs.
func (r *reader) alias(at place, d ast.Directive, complain func(string, ...any)) {
	a, err := parseAlias(d)
	if err != nil {
		complain("//%s:%s: %v", Tool, d.Name, err)
		return
	}
	fn := at.fn
	switch {
	case fn.Recv != nil:
		complain("//%s:%s: %s is a method: want a function", Tool, d.Name, fn.Name.Name)
		return
	case fn.Type.TypeParams != nil:
		complain("//%s:%s: function %s is generic: want one without type parameters", Tool, d.Name, fn.Name.Name)
		return
	case special(fn, d, complain):
		return
	case d.Name == Module && (fn.Type.Params.NumFields() != 1 || fn.Type.Results.NumFields() != 1):
		complain("//%s:%s %s: function %s: want func(context.Context) error", Tool, d.Name, a.Hook, fn.Name.Name)
		return
	}
	r.enter(Mark{Verb: d.Name, Pos: d.Slash, Func: fn, Args: a}, complain)
}

func parseAlias(d ast.Directive) (a Alias, err error) {
	words := strings.Fields(d.Args)
	if d.Name == Weak {
		for _, w := range words {
			name, ok := strings.CutPrefix(w, "group=")
			switch {
			case w == "per=image" && !a.PerImage:
				a.PerImage = true
			case ok && token.IsIdentifier(name) && a.Group == "":
				a.Group = name
			default:
				return a, fmt.Errorf("unknown word %s: want group=NAME, per=image, or nothing", w)
			}
		}
		return a, nil
	}
	if d.Name == Module {
		if len(words) != 1 || !slices.Contains([]string{"init", "catch", "uncatch", "fini"}, words[0]) {
			return a, fmt.Errorf("want init, catch, uncatch or fini, not %q", d.Args)
		}
		a.Hook = words[0]
		return a, nil
	}
	if len(words) != 1 {
		return a, fmt.Errorf("%d words: want PACKAGE.FUNCTION", len(words))
	}
	i := strings.LastIndexByte(words[0], '.')
	if i <= 0 || i < strings.LastIndexByte(words[0], '/') || !ast.IsExported(words[0][i+1:]) {
		return a, fmt.Errorf("%s: want PACKAGE.FUNCTION, with an exported function", words[0])
	}
	a.Package, a.Slot = words[0][:i], words[0][i+1:]
	return a, nil
}
