package generate

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"strings"
)

// Tag is the build tag of the vimage build.
const Tag = "vimage"

// A header holds a file's build constraints.
type header struct {
	start int    // where the file begins, behind a byte order mark
	eol   string // how the file ends its lines

	build      [2]int   // offsets of the //go:build line, without its end; 0, 0 if there is none
	expression string   // its expression, as it is written
	plus       [][2]int // offsets of the // +build lines, without their ends
}

// parseHeader reads a file's build constraints.
func parseHeader(src []byte) (*header, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		return nil, err
	}
	h := &header{eol: "\n"}
	if bytes.HasPrefix(src, []byte("\ufeff")) {
		h.start = len("\ufeff")
	}
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		h.eol = "\r\n"
	}
	offset := fset.File(f.FileStart).Offset
	for _, group := range f.Comments {
		if group.Pos() > f.Package {
			break
		}
		for _, c := range group.List {
			at, end := offset(c.Pos()), offset(c.Pos())
			if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
				end += i
			} else {
				end = len(src)
			}
			end = at + len(bytes.TrimRight(src[at:end], "\r"))
			line := string(src[at:end])
			switch {
			case at > h.start && src[at-1] != '\n':
			case constraint.IsGoBuild(line) && h.build == [2]int{}:
				h.build = [2]int{at, end}
				h.expression = strings.TrimSpace(strings.TrimPrefix(line, "//go:build"))
			case constraint.IsPlusBuild(line) && !adjacent(fset, group, f):
				h.plus = append(h.plus, [2]int{at, end})
			}
		}
	}
	return h, nil
}

// adjacent reports whether a comment is the package's documentation, in which a
// // +build line is none.
func adjacent(fset *token.FileSet, g *ast.CommentGroup, f *ast.File) bool {
	return fset.PositionFor(g.End(), false).Line+1 >= fset.PositionFor(f.Package, false).Line
}

const (
	not     = "!" + Tag
	notLine = "//go:build " + not
	notPlus = "// +build " + not
)

// Adopted reports whether a file carries our constraint.
func Adopted(src []byte) (bool, error) {
	h, err := parseHeader(src)
	return err == nil && h.adopted(src), err
}

func (h *header) adopted(src []byte) bool {
	if h.build != [2]int{} {
		return h.expression == not || strings.HasPrefix(h.expression, not+" && ")
	}
	return len(h.plus) > 0 && string(src[h.plus[0][0]:h.plus[0][1]]) == notPlus
}

// own returns the author's constraint, "" if there is none.
func (h *header) own(src []byte) (string, error) {
	if h.build != [2]int{} {
		if h.adopted(src) {
			return unwrap(strings.TrimPrefix(strings.TrimPrefix(h.expression, not), " && ")), nil
		}
		return h.expression, nil
	}
	var all []string
	for i, line := range h.plus {
		text := string(src[line[0]:line[1]])
		if i == 0 && text == notPlus {
			continue
		}
		x, err := constraint.Parse(text)
		if err != nil {
			return "", err
		}
		s := x.String()
		if _, ok := x.(*constraint.OrExpr); ok && len(h.plus) > 1 {
			s = "(" + s + ")"
		}
		all = append(all, s)
	}
	return strings.Join(all, " && "), nil
}

// Adopt returns a file with our constraint added to the author's.
func Adopt(src []byte) ([]byte, error) {
	h, err := parseHeader(src)
	if err != nil || h.adopted(src) {
		return src, err
	}
	var out bytes.Buffer
	switch {
	case h.build != [2]int{}:
		if _, err := constraint.Parse("//go:build " + h.expression); err != nil {
			return nil, fmt.Errorf("//go:build: %w", err)
		}
		line := strings.Replace(string(src[h.build[0]:h.build[1]]), h.expression, not+" && "+wrap(h.expression), 1)
		at := h.build[1]
		out.Write(src[:h.build[0]])
		out.WriteString(line)
		if len(h.plus) > 0 && h.plus[0][0] > at {
			out.Write(src[at:h.plus[0][0]])
			out.WriteString(notPlus + h.eol)
			at = h.plus[0][0]
		}
		out.Write(src[at:])
	case len(h.plus) > 0:
		out.Write(src[:h.plus[0][0]])
		out.WriteString(notPlus + h.eol)
		out.Write(src[h.plus[0][0]:])
	default:
		out.Write(src[:h.start])
		out.WriteString(notLine + h.eol + h.eol)
		out.Write(src[h.start:])
	}
	return out.Bytes(), nil
}

// Release returns a file without our constraint.
func Release(src []byte) ([]byte, error) {
	h, err := parseHeader(src)
	if err != nil || !h.adopted(src) {
		return src, err
	}
	var out bytes.Buffer
	at := 0
	skip := func(from, to int) {
		out.Write(src[at:from])
		at = to
	}
	if h.build != [2]int{} {
		if h.expression == not {
			end := h.build[1]
			for range 2 { // the line's end, and the blank line below it
				if bytes.HasPrefix(src[end:], []byte(h.eol)) {
					end += len(h.eol)
				}
			}
			skip(h.build[0], end)
		} else {
			line := string(src[h.build[0]:h.build[1]])
			skip(h.build[0], h.build[1])
			own := unwrap(strings.TrimPrefix(h.expression, not+" && "))
			out.WriteString(strings.Replace(line, h.expression, own, 1))
		}
	}
	if len(h.plus) > 0 && string(src[h.plus[0][0]:h.plus[0][1]]) == notPlus {
		skip(h.plus[0][0], min(h.plus[0][1]+len(h.eol), len(src)))
	}
	out.Write(src[at:])
	return out.Bytes(), nil
}

// wrap puts an expression in parentheses if it is anything but tags, negated or
// not, that are joined by &&. So unwrap knows which parentheses are ours.
func wrap(expression string) string {
	for _, term := range strings.Split(expression, "&&") {
		if strings.ContainsAny(strings.TrimSpace(term), "()| \t") {
			return "(" + expression + ")"
		}
	}
	return expression
}

func unwrap(expression string) string {
	if inner, ok := strings.CutPrefix(expression, "("); ok {
		return strings.TrimSuffix(inner, ")")
	}
	return expression
}

// constrained returns the text of a twin: a file's text with the constraints of
// the vimage build, which are the author's and the tag.
func constrained(src []byte) ([]byte, error) {
	h, err := parseHeader(src)
	if err != nil {
		return nil, err
	}
	own, err := h.own(src)
	if err != nil {
		return nil, err
	}
	line := "//go:build " + Tag
	if own != "" {
		line += " && " + wrap(own)
	}
	var out bytes.Buffer
	at := h.start
	if h.build == [2]int{} {
		out.WriteString(line + "\n\n")
	} else {
		out.Write(src[at:h.build[0]])
		out.WriteString(line)
		at = h.build[1]
	}
	for _, plus := range h.plus {
		if plus[0] < at {
			continue
		}
		out.Write(src[at:plus[0]])
		at = min(plus[1]+len(h.eol), len(src))
	}
	out.Write(src[at:])
	return out.Bytes(), nil
}
