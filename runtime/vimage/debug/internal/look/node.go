package look

// A Node is one value.
type Node struct {
	Name     string  `json:"name,omitempty"` // of the variable, field, index or key
	Type     string  `json:"type"`
	Text     string  `json:"text"`               // a line
	Children []*Node `json:"children,omitempty"` // fields, elements, entries, or what a pointer points to
	More     int     `json:"more,omitempty"`     // how many were left out
}

// A Change is a difference between two trees.
type Change struct {
	Path string `json:"path"` // from the variable: .Field, [index]
	A    string `json:"a"`    // "" if it is absent there
	B    string `json:"b"`
}

// Diff lists where two trees of one variable differ, in the order of the tree.
func Diff(a, b *Node) []Change {
	var list []Change
	diff("", a, b, &list)
	return list
}

func diff(path string, a, b *Node, list *[]Change) {
	if a.Type != b.Type || len(a.Children) == 0 || len(b.Children) == 0 {
		if a.Type != b.Type || a.Text != b.Text || len(a.Children) != len(b.Children) {
			*list = append(*list, Change{path, spell(a, b), spell(b, a)})
		}
		return
	}
	if len(a.Children)+a.More != len(b.Children)+b.More && a.Text != b.Text {
		*list = append(*list, Change{path, a.Text, b.Text})
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
			*list = append(*list, Change{Path: path + c.Name, A: spell(c, nil)})
		}
	}
	for _, d := range b.Children {
		if seen[d.Name] != nil && a.More == 0 {
			*list = append(*list, Change{Path: path + d.Name, B: spell(d, nil)})
		}
	}
}

// spell is a node's text, with its type where the other's is a different one.
func spell(n, other *Node) string {
	if other != nil && n.Type != other.Type || n.Text == "" {
		return n.Type + " " + n.Text
	}
	return n.Text
}
