package look

import "strings"

// A Node is one value.
type Node struct {
	Name     string  `json:"name,omitempty"` // of the variable, field, index or key
	Type     string  `json:"type"`
	Text     string  `json:"text"`               // a line
	Children []*Node `json:"children,omitempty"` // fields, elements, entries, or what a pointer points to
	More     int     `json:"more,omitempty"`     // how many were left out

	number bool // Text is one
	keyed  bool // the children are entries of a map
}

// Line spells a tree in a line of at most limit bytes: 2 elements{{In:3 Out:4}
// {In:0 Out:1}}. If it is longer, it ends with three dots.
func (n *Node) Line(limit int) string {
	var b strings.Builder
	n.line(&b, limit)
	s := b.String()
	if len(s) <= limit {
		return s
	}
	s = s[:max(limit-len("..."), 0)]
	return strings.ToValidUTF8(s, "") + "..."
}

func (n *Node) line(b *strings.Builder, limit int) {
	b.WriteString(n.Text)
	if len(n.Children) == 0 {
		return
	}
	b.WriteByte('{')
	for i, c := range n.Children {
		if b.Len() > limit {
			return
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		if name := strings.TrimPrefix(c.Name, "."); name != "" && !n.indexed() {
			b.WriteString(name + ":")
		}
		c.line(b, limit)
	}
	if n.More > 0 {
		b.WriteString(" ...")
	}
	b.WriteByte('}')
}

// indexed reports whether the children's names are 0, 1, 2 and so on.
func (n *Node) indexed() bool { return !n.keyed && len(n.Children) > 0 && n.Children[0].Name == "[0]" }

// Contains reports whether a word, in lower case, is part of a field's name, a
// key or a value below the node.
func (n *Node) Contains(word string) bool {
	if strings.Contains(strings.ToLower(n.Text), word) {
		return true
	}
	for _, c := range n.Children {
		if strings.Contains(strings.ToLower(c.Name), word) || c.Contains(word) {
			return true
		}
	}
	return false
}

// Numbers calls f with each number of the tree outside of elements and entries:
// the value itself, or a struct's fields.
func (n *Node) Numbers(f func(path, text string)) { n.numbers("", f) }

func (n *Node) numbers(path string, f func(path, text string)) {
	if n.number {
		f(path, n.Text)
	}
	for _, c := range n.Children {
		if strings.HasPrefix(c.Name, ".") {
			c.numbers(path+c.Name, f)
		}
	}
}

// A Change is a difference between two trees.
type Change struct {
	Path  string `json:"path"` // from the variable: .Field, [index]
	A     string `json:"a"`    // "" if it is absent there
	B     string `json:"b"`
	ATree *Node  `json:"aTree,omitempty"` // the value, if it has children
	BTree *Node  `json:"bTree,omitempty"`
}

// changeLine bounds A and B of a Change.
const changeLine = 200

// Diff lists where two trees of one variable differ, in the order of the tree.
func Diff(a, b *Node) []Change {
	var list []Change
	diff("", a, b, &list)
	return list
}

func diff(path string, a, b *Node, list *[]Change) {
	if a.Type != b.Type || len(a.Children) == 0 || len(b.Children) == 0 {
		if a.Type != b.Type || a.Text != b.Text || len(a.Children) != len(b.Children) {
			*list = append(*list, change(path, a, b))
		}
		return
	}
	if len(a.Children)+a.More != len(b.Children)+b.More && a.Text != b.Text {
		*list = append(*list, Change{Path: path, A: a.Text, B: b.Text})
	}
	seen := map[string]*Node{}
	for _, c := range b.Children {
		seen[c.Name] = c
	}
	for _, c := range a.Children {
		if d := seen[c.Name]; d != nil {
			diff(path+c.Name, c, d, list)
			delete(seen, c.Name)
		} else if b.More == 0 {
			*list = append(*list, change(path+c.Name, c, nil))
		}
	}
	for _, d := range b.Children {
		if seen[d.Name] != nil && a.More == 0 {
			*list = append(*list, change(path+d.Name, nil, d))
		}
	}
}

// change is a difference of two values, of which one may be absent.
func change(path string, a, b *Node) Change {
	c := Change{Path: path}
	c.A, c.ATree = spell(a, b)
	c.B, c.BTree = spell(b, a)
	return c
}

// spell is a node as a line, with its type where the other's is a different
// one.
func spell(n, other *Node) (line string, tree *Node) {
	if n == nil {
		return "", nil
	}
	if line = n.Line(changeLine); line == "" || other != nil && n.Type != other.Type {
		line = n.Type + " " + line
	}
	if len(n.Children) > 0 {
		tree = n
	}
	return line, tree
}
