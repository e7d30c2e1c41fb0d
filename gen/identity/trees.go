package identity

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
)

// A tree is what the compiler prints of a function with -W, before and after it
// lowers statements to what its back end knows.
type tree struct {
	before, after []string
	twice         bool // there are several of one name: which is meant is not known
}

// readTrees reads what the compiler prints of a package.
func readTrees(text string) map[string]*tree {
	trees := map[string]*tree{}
	var current *[]string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if name, ok := strings.CutPrefix(line, "before walk "); ok {
			t := &tree{twice: trees[name] != nil}
			trees[name], current = t, &t.before
		} else if name, ok := strings.CutPrefix(line, "after walk "); ok && trees[name] != nil {
			current = &trees[name].after
		} else if strings.HasPrefix(line, ".") && current != nil {
			*current = append(*current, line)
		} else {
			current = nil
		}
	}
	return trees
}

var (
	nodeDepth    = regexp.MustCompile(`^(?:\. +)+`)
	nodePlace    = regexp.MustCompile("(?: tc\\(\\d\\))?(?: # [^\"`']*)?$")
	nodeVariable = regexp.MustCompile(`^NAME-(\S+) Class:PEXTERN `)
	nodeFunction = regexp.MustCompile(`^NAME-(\w+)\.(\S+) Class:PFUNC `)
	nodeField    = regexp.MustCompile(`^DOT (?:\S*\.)?` + naming.Field + `(\S+) `)
	nodeMark     = regexp.MustCompile(`^INLMARK Index:\d+`) // of an inlined call; they are numbered through the package
	nodeTemp     = regexp.MustCompile(`\.autotmp_\d+`)
)

// sameTree reports whether two trees are the same, but for where variables lie.
func (p *pair) sameTree(a, b []string) bool {
	left := spellTree(a, func(_ string) bool { return false }, func(name string) string {
		return p.a.datum(name, nil)
	}, func(name string) string { return name })
	right := spellTree(b, p.isStruct, func(name string) string {
		return p.b.datum(name, p)
	}, func(name string) string {
		return strings.TrimPrefix(p.name(p.b.prefix+name), p.a.prefix)
	})
	return slices.Equal(left, right)
}

// isStruct reports whether a name, as the compiler prints it, is one of the
// static build's structs.
func (p *pair) isStruct(printed string) bool {
	_, local, _ := strings.Cut(printed, ".")
	for name := range p.fields {
		if strings.HasSuffix(name, "."+local) {
			return true
		}
	}
	return false
}

// datum spells a variable, and data that has only a number by what it holds.
func (u *unit) datum(printed string, p *pair) string {
	_, local, _ := strings.Cut(printed, ".")
	if name := u.prefix + local; nameless.MatchString(name) {
		for _, s := range u.symbols {
			if s.Name == name {
				return u.hash(s, p, nil)
			}
		}
	}
	return printed
}

// A node is a line of a tree.
type node struct {
	depth int
	text  string
}

// spellTree spells a tree so that it can be compared: without places, a field
// of a static struct as the variable that stands there, what is assigned to a
// field by way of a temporary as if it were assigned at once, and temporaries
// by the order in which they come.
func spellTree(lines []string, isStruct func(string) bool, datum, function func(string) string) []node {
	var out []node
	for i := 0; i < len(lines); i++ {
		n := cutNode(lines[i])
		if n.text == "CLOSURE-Func" { // a function of its own, whose temporaries may bear the same names
			for i+1 < len(lines) && cutNode(lines[i+1]).depth > n.depth {
				i++
			}
			continue
		}
		if m := nodeField.FindStringSubmatch(n.text); m != nil && i+1 < len(lines) {
			child := cutNode(lines[i+1])
			if v := nodeVariable.FindStringSubmatch(child.text); v != nil && child.depth == n.depth+1 && isStruct(v[1]) {
				pkg, _, _ := strings.Cut(v[1], ".")
				out = append(out, node{n.depth, "variable " + datum(pkg+"."+m[1])})
				i++
				continue
			}
		}
		if m := nodeVariable.FindStringSubmatch(n.text); m != nil {
			n.text = "variable " + datum(m[1])
		} else if m := nodeFunction.FindStringSubmatch(n.text); m != nil {
			n.text = "function " + m[1] + "." + function(m[2])
		}
		n.text = nodeMark.ReplaceAllString(n.text, "INLMARK")
		out = append(out, n)
	}
	out = assignAtOnce(out)
	temps := map[string]string{}
	for i := range out {
		out[i].text = nodeTemp.ReplaceAllStringFunc(out[i].text, func(s string) string {
			if temps[s] == "" {
				temps[s] = fmt.Sprintf(".temporary%d", len(temps))
			}
			return temps[s]
		})
	}
	return out
}

// assignAtOnce makes x = e of t = e and x = t, where x is a variable of the
// package's and t is not read again: it is nowhere else, or only before that,
// in statements that are not in a loop.
func assignAtOnce(in []node) []node {
	uses, seen := map[string]int{}, map[string]int{}
	labels, back := map[string]bool{}, false // jumps back may make loops anywhere
	for _, n := range in {
		for _, t := range nodeTemp.FindAllString(n.text, -1) {
			uses[t]++
		}
		if l, ok := strings.CutPrefix(n.text, "LABEL "); ok {
			labels[l] = true
		} else if l, ok := strings.CutPrefix(n.text, "GOTO "); ok && labels[l] {
			back = true
		}
	}
	count := func(n node) {
		for _, t := range nodeTemp.FindAllString(n.text, -1) {
			seen[t]++
		}
	}
	var out []node
	for i := 0; i < len(in); i++ {
		out = append(out, in[i])
		count(in[i])
		if i+1 == len(in) || in[i].text != "AS" || in[i+1].depth != in[i].depth+1 || !strings.HasPrefix(in[i+1].text, "NAME-") {
			continue
		}
		t := nodeTemp.FindString(in[i+1].text)
		end := i + 2 // of the expression
		for end < len(in) && in[end].depth > in[i].depth {
			end++
		}
		if t != "" && uses[t]-seen[t] == 2 && (seen[t] == 0 || in[i].depth == 1 && !back) && end+2 < len(in) && in[end] == in[i] &&
			in[end+1].depth == in[i].depth+1 && strings.HasPrefix(in[end+1].text, "variable ") &&
			in[end+2] == in[i+1] && (end+3 == len(in) || in[end+3].depth <= in[i].depth) {
			out = append(append(out, in[end+1]), in[i+2:end]...)
			for i < end+2 {
				i++
				count(in[i])
			}
		}
	}
	return out
}

// cutNode takes a line apart.
func cutNode(line string) node {
	dots := nodeDepth.FindString(line)
	text := line[len(dots):]
	return node{strings.Count(dots, "."), text[:len(text)-len(nodePlace.FindString(text))]}
}
