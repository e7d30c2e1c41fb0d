package rewrite

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A span is a part of a file's text.
type span struct{ start, end token.Pos }

func (s span) holds(p token.Pos) bool { return s.start <= p && p < s.end }

// openReadable spells the first lines of a function that an initialiser
// becomes.
func (fr *fileRewriter) openReadable(id string, _ ast.Expr, f *frame, left string) string {
	return "func " + id + "() {\n" + f.lines() + "\t" + left + " = "
}

// lines spells the statements that take the containers, a line each.
func (f *frame) lines() string {
	var out strings.Builder
	for _, h := range f.hooks {
		out.WriteString("\t" + h.local + " := " + h.call + "\n")
	}
	return out.String()
}

// readableHead puts these statements below the opening brace of a body, and
// below a comment that stands beside the brace.
func (fr *fileRewriter) readableHead(b *ast.BlockStmt, f *frame) {
	at := b.Lbrace + 1
	rest := fr.edits.src[fr.edits.offset(at):]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		if line := bytes.TrimSpace(rest[:end]); len(line) == 0 || bytes.HasPrefix(line, []byte("//")) {
			fr.edits.insert(at+token.Pos(end)+1, f.lines())
			return
		}
	}
	fr.edits.insert(at, "\n"+f.lines())
}

// readableDecl rewrites a declaration of which at least one name does not stay:
//
//	// x is how many there are.
//	var x = f() // at first
//
// becomes
//
//	// x is how many there are.
//	func vnet_p_init_x() {
//		vnet_p := INIT_VNET_P()
//		vnet_p.V_x = f() // at first
//	}
//
// The type is written in the container, so it goes here, and so does a variable
// without an initialiser, with its comments. Of a group the specifications that
// stay keep their places; the others follow the group.
func (fr *fileRewriter) readableDecl(d *ast.GenDecl) {
	var after []string // what follows the group
	left := 0          // how many specifications stay in it
	for _, s := range d.Specs {
		if !fr.specTouched(s.(*ast.ValueSpec)) {
			left++
		}
	}
	if !d.Lparen.IsValid() {
		s := d.Specs[0].(*ast.ValueSpec)
		text := fr.readableSpec(s)
		end := fr.endOf(s)
		if text == "" {
			fr.cut(span{fr.lineOf(startOf(d.Doc, d.Pos())), end})
			return
		}
		fr.edits.replace(d.Pos(), end, strings.TrimSuffix(text, "\n"))
		return
	}
	at := d.Lparen
	for _, s := range d.Specs {
		s := s.(*ast.ValueSpec)
		if left == 0 {
			after = append(after, fr.loose(at, startOf(s.Doc, s.Pos()))...)
			at = fr.endOf(s)
		}
		if !fr.specTouched(s) {
			fr.walk(s)
			continue
		}
		if text := fr.readableSpec(s); text != "" {
			after = append(after, fr.commentText(s.Doc)+text)
		}
		if left > 0 {
			fr.cut(span{fr.lineOf(startOf(s.Doc, s.Pos())), fr.endOf(s)})
		}
	}
	if left > 0 {
		if len(after) > 0 {
			fr.edits.insert(d.End(), "\n\n"+strings.Join(after, "\n"))
		}
		return
	}
	after = append(after, fr.loose(at, d.Rparen)...)
	text := strings.Join(after, "\n")
	if text == "" {
		fr.cut(span{fr.lineOf(startOf(d.Doc, d.Pos())), d.End()})
		return
	}
	if d.Doc != nil {
		text = "\n" + text // it is about all of them
	}
	fr.edits.replace(d.Pos(), d.End(), text)
}

// readableSpec returns what a specification becomes, and notes which of its
// text is lost.
func (fr *fileRewriter) readableSpec(s *ast.ValueSpec) string {
	typeText, typed := "", false // typed: the type is in the result
	if s.Type != nil {
		typeText = " " + fr.expression(s.Type, &frame{})
		defer func() {
			if !typed {
				fr.dropped = append(fr.dropped, span{s.Type.Pos(), s.Type.End()})
			}
		}()
	}
	var out []string
	comment := fr.commentText(s.Comment)
	keep := func(text string) {
		typed = true
		out = append(out, text)
	}
	if len(s.Values) == 0 {
		for i, name := range s.Names {
			if name.Name != "_" && fr.role(s, i) == stays {
				keep("var " + name.Name + typeText + "\n")
			}
		}
		return strings.Join(out, "\n")
	}
	for i, value := range s.Values {
		f := &frame{}
		role := fr.role(s, i)
		text := fr.expression(value, f)
		last := ""
		if i == len(s.Values)-1 && comment != "" {
			last = " " + strings.TrimSuffix(comment, "\n")
		}
		switch {
		case isTuple(s):
			var lhs []string
			for _, name := range s.Names {
				lhs = append(lhs, fr.target(name, f))
			}
			out = append(out, fr.function(s.Names[0], role, value, f, strings.Join(lhs, ", "))+text+last+fr.spell.end)
		case role == stays:
			keep("var " + s.Names[i].Name + typeText + " = " + text + last + "\n")
		case role == effect && s.Type == nil:
			out = append(out, fr.function(s.Names[i], role, value, f, "_")+text+last+fr.spell.end)
		case role == effect:
			keep(fr.function(s.Names[i], role, value, f, "var _"+typeText) + text + last + fr.spell.end)
		default:
			out = append(out, fr.function(s.Names[i], role, value, f, fr.target(s.Names[i], f))+text+last+fr.spell.end)
		}
	}
	return strings.Join(out, "\n")
}

// expression returns the rewritten text of an initialiser that moves.
func (fr *fileRewriter) expression(e ast.Expr, f *frame) string {
	own, frames := fr.edits, fr.frames
	fr.edits.list, fr.edits.tail = nil, ""
	fr.frames = append(frames, f)
	fr.walk(e)
	text, err := fr.edits.between(e.Pos(), e.End())
	fr.fault = cmp.Or(fr.fault, err)
	fr.edits, fr.frames = own, frames
	return text
}

// cut takes a specification from its place, and with lines also one of the
// blank lines on both of its sides. What becomes of its values is elsewhere.
func (fr *fileRewriter) cut(s span) {
	src := fr.edits.src
	from, to := fr.edits.offset(s.start), fr.edits.offset(s.end)
	if fr.last.end == s.start {
		from = fr.edits.offset(fr.last.start)
	}
	if from == 0 || src[from-1] == '\n' {
		before := bytes.TrimRight(src[:from], " \t\r\n")
		apart := bytes.Count(src[len(before):from], []byte("\n")) > 1 || bytes.HasSuffix(before, []byte("("))
		for i := 0; i < 2 && (i == 0 || apart); i++ {
			if end := bytes.IndexByte(src[to:], '\n'); end >= 0 && len(bytes.TrimSpace(src[to:to+end])) == 0 {
				s.end += token.Pos(end + 1)
				to += end + 1
			}
		}
	}
	fr.last = s
	fr.edits.replace(s.start, s.end, "")
}

// startOf returns where a node with a comment above it begins.
func startOf(doc *ast.CommentGroup, pos token.Pos) token.Pos {
	if doc != nil {
		return doc.Pos()
	}
	return pos
}

// endOf returns where a specification with its line comment ends.
func (fr *fileRewriter) endOf(s *ast.ValueSpec) token.Pos {
	if s.Comment != nil {
		return s.Comment.End()
	}
	return s.End()
}

// lineOf returns the start of the line of a position if only blanks precede it there.
func (fr *fileRewriter) lineOf(p token.Pos) token.Pos {
	at := fr.edits.offset(p)
	begin := bytes.LastIndexByte(fr.edits.src[:at], '\n') + 1
	if len(bytes.TrimSpace(fr.edits.src[begin:at])) > 0 {
		return p
	}
	return p - token.Pos(at-begin)
}

// commentText returns the text of a comment, with a newline at its end.
func (fr *fileRewriter) commentText(g *ast.CommentGroup) string {
	if g == nil {
		return ""
	}
	return fr.edits.text(g.Pos(), g.End()) + "\n"
}

// loose returns the comments between two positions.
func (fr *fileRewriter) loose(from, to token.Pos) (out []string) {
	for _, g := range fr.file.Syntax.Comments {
		if g.Pos() >= from && g.End() <= to {
			out = append(out, fr.commentText(g))
		}
	}
	return out
}

// dropImports removes the imports that only the lost text used.
func (fr *fileRewriter) dropImports() {
	used := map[types.Object]bool{}
	for id, obj := range fr.lp.Info.Uses {
		if _, ok := obj.(*types.PkgName); ok && !used[obj] && fr.edits.file == fr.edits.fset.File(id.Pos()) {
			lost := false
			for _, s := range fr.dropped {
				lost = lost || s.holds(id.Pos())
			}
			used[obj] = !lost
		}
	}
	for _, d := range fr.file.Syntax.Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Tok != token.IMPORT {
			continue
		}
		var unused []*ast.ImportSpec
		for _, s := range d.Specs {
			s := s.(*ast.ImportSpec)
			obj := fr.lp.Info.Implicits[s]
			if s.Name != nil {
				obj = fr.lp.Info.Defs[s.Name]
			}
			if was, ok := used[obj]; ok && !was {
				unused = append(unused, s)
			}
		}
		if len(unused) == len(d.Specs) {
			fr.edits.replace(fr.lineOf(startOf(d.Doc, d.Pos())), d.End(), "")
			continue
		}
		for _, s := range unused {
			end := s.End()
			if s.Comment != nil {
				end = s.Comment.End()
			}
			fr.edits.replace(fr.lineOf(startOf(s.Doc, s.Pos())), end, "")
		}
	}
}
