package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen/plan"
)

func itoa(n int) string { return strconv.Itoa(n) }

// A role says what becomes of one name of a var declaration.
type role int

const (
	stays  role = iota // declared as the author wrote it
	moves              // into the container
	once               // stays one for all, declared in the generated file; its initialiser runs in the first image
	effect             // blank, with an initialiser that does something
)

// role returns the role of the i-th name of a specification. The names of a
// tuple share one: a single expression gives all of them their values.
func (fr *fileRewriter) role(s *ast.ValueSpec, i int) role {
	if !isTuple(s) {
		return fr.roleOf(fr.lp.Info.Defs[s.Names[i]], valueOf(s, i))
	}
	lhs := make([]types.Object, len(s.Names))
	for i, name := range s.Names {
		lhs[i] = fr.lp.Info.Defs[name]
	}
	return fr.roleOfAll(lhs, s.Values[0])
}

// roleOfAll returns the role of the variables that one initialiser gives a
// value. A blank follows the variables that have a name; if there are none, it
// has the role of a blank alone.
func (fr *fileRewriter) roleOfAll(lhs []types.Object, value ast.Expr) role {
	blank := stays
	named := false
	for _, obj := range lhs {
		switch r := fr.roleOf(obj, value); {
		case obj.Name() == "_":
			blank = r
		case r != stays:
			return r
		default:
			named = true
		}
	}
	if named {
		return stays
	}
	return blank
}

func (fr *fileRewriter) roleOf(obj types.Object, value ast.Expr) role {
	if obj.Name() == "_" {
		if value != nil && fr.pkg.Replayed && fr.impure(value) {
			if stay, _ := fr.plan.BlankRuns(value); stay {
				return stays
			}
			return effect
		}
		return stays
	}
	v := fr.plan.Var(obj)
	switch {
	case v == nil || v.Start == plan.Plain || v.Start == plan.Template:
		return stays
	case v.Start == plan.Once && value == nil: // init functions fill it
		return stays
	case v.Start == plan.Once:
		return once
	case fr.taken(obj) != nil:
		return moves
	}
	return stays
}

// rename gives a declaration's variables their new names.
func (fr *fileRewriter) rename(d *ast.GenDecl) {
	for _, s := range d.Specs {
		for _, name := range s.(*ast.ValueSpec).Names {
			if v := fr.taken(fr.lp.Info.Defs[name]); v != nil {
				fr.mention(name, v, "")
			}
		}
	}
	fr.walk(d)
}

// impure reports whether a blank variable's initialiser must run in each image:
// it calls something, receives, or reads what is virtual. Of a standard
// package's, the last alone counts: see plan.
func (fr *fileRewriter) impure(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if !fr.pkg.Standard && !fr.lp.Info.Types[n.Fun].IsType() && fr.lp.Info.Types[n].Value == nil {
				found = true
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW && !fr.pkg.Standard
		case *ast.Ident:
			found = found || fr.taken(fr.lp.Info.Uses[n]) != nil
		}
		return !found
	})
	return found
}

// touches reports whether any name of the declaration does not stay.
func (fr *fileRewriter) touches(d *ast.GenDecl) bool {
	for _, s := range d.Specs {
		if fr.specTouched(s.(*ast.ValueSpec)) {
			return true
		}
	}
	return false
}

func (fr *fileRewriter) specTouched(s *ast.ValueSpec) bool {
	for i := range s.Names {
		if fr.role(s, i) != stays {
			return true
		}
	}
	return false
}

// isTuple reports whether one expression gives several names their values.
func isTuple(s *ast.ValueSpec) bool { return len(s.Values) == 1 && len(s.Names) > 1 }

func valueOf(s *ast.ValueSpec, i int) ast.Expr {
	switch {
	case len(s.Values) == 0:
		return nil
	case len(s.Values) == len(s.Names):
		return s.Values[i]
	}
	return s.Values[0]
}

// varDecl rewrites a declaration of which at least one name does not stay: the
// group is opened, each of its specs becomes declarations of its own.
func (fr *fileRewriter) varDecl(d *ast.GenDecl) {
	grouped := d.Lparen.IsValid()
	if grouped {
		fr.edits.replace(d.Pos(), d.Lparen+1, "")
	}
	for _, s := range d.Specs {
		s := s.(*ast.ValueSpec)
		start := d.Pos()
		if grouped {
			start = s.Pos()
		}
		if !fr.specTouched(s) {
			if grouped {
				fr.edits.insert(start, "var ")
			}
			fr.walk(s)
			continue
		}
		fr.spec(s, start)
	}
	if grouped {
		fr.edits.replace(d.Rparen, d.Rparen+1, "")
	}
}

// spec rewrites one spec whose text begins at start. Types and values keep
// their bytes and places.
func (fr *fileRewriter) spec(s *ast.ValueSpec, start token.Pos) {
	typeText := ""
	var head strings.Builder // what is written in front of the type or the first value
	if s.Type != nil {
		typeText = fr.edits.text(s.Type.Pos(), s.Type.End())
	}
	if len(s.Values) == 0 { // then there is a type
		for i, name := range s.Names {
			if name.Name != "_" && fr.role(s, i) == stays {
				head.WriteString("var " + name.Name + " " + typeText + "; ")
			}
		}
	}
	if s.Type != nil {
		fr.edits.replace(start, s.Type.Pos(), head.String()+"type _ ")
		fr.walk(s.Type)
		head.Reset()
		start = s.Type.End()
	}
	if len(s.Values) == 0 {
		return
	}
	sep := ""
	if s.Type != nil {
		sep = "; "
	}
	for i, value := range s.Values {
		var open, end string
		f := &frame{}
		role := fr.role(s, i)
		rest := ""
		if role == moves && fr.spell.replays && !isTuple(s) {
			rest = fr.parts(s.Names[i], value)
		}
		fr.frames = append(fr.frames, f)
		fr.walk(value)
		fr.frames = fr.frames[:len(fr.frames)-1]
		fr.zeros = nil
		switch {
		case isTuple(s):
			var lhs []string
			for _, name := range s.Names {
				lhs = append(lhs, fr.target(name, f))
			}
			open = fr.function(s.Names[0], role, value, f, strings.Join(lhs, ", "))
			end = added(fr.spell.end + fr.dummies(value))
		case fr.laid(fr.plan.Var(fr.lp.Info.Defs[s.Names[i]]), fr.lp, value):
			open = "const _ " + typeText + " = "
		case role == stays:
			open = "var " + s.Names[i].Name + " " + typeText + " = "
		case role == effect:
			open = fr.function(s.Names[i], role, value, f, "var _ "+typeText)
			end = added(fr.spell.end + fr.dummies(value))
		default:
			open = fr.function(s.Names[i], role, value, f, fr.target(s.Names[i], f))
			end = added(fr.spell.end+fr.dummies(value)) + rest
		}
		fr.edits.replace(start, value.Pos(), sep+head.String()+open)
		head.Reset()
		if end != "" {
			fr.edits.insert(value.End(), end)
		}
		start, sep = value.End(), "; "
	}
}

// target spells the left side of the assignment that an initialiser becomes,
// and notes the hook that it needs.
func (fr *fileRewriter) target(name *ast.Ident, f *frame) string {
	v := fr.taken(fr.lp.Info.Defs[name])
	if v == nil {
		return name.Name // blank, or one that stays one for all
	}
	fr.frames = append(fr.frames, f)
	defer func() { fr.frames = fr.frames[:len(fr.frames)-1] }()
	return fr.spell.refer(fr, v, "")
}

// function spells what stands before the initialiser in the function that it
// becomes, and enters that for the part's start. The left side must be spelled
// before, so that the frame has its hooks.
func (fr *fileRewriter) function(name *ast.Ident, r role, value ast.Expr, f *frame, left string) string {
	id := fr.stepID(name.Name, value)
	_, zero := fr.plan.BlankRuns(value)
	fr.starts[value] = Step{Call: id, Once: r == once || zero}
	open := fr.spell.open(fr, id, value, f, left)
	if fr.spell.readable {
		return open
	}
	return added(open)
}
