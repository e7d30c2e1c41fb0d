package identity

import (
	"strings"
	"testing"

	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// Two trees of one function, as the compiler prints them: the second has
// V.total and V.names for total and names, and what is assigned to a field goes
// by way of a temporary.
const (
	plainTree = `before walk Add
.   AS tc(1) # m.go:5:8
.   .   NAME-p.total Class:PEXTERN Offset:0 Used int tc(1) # m.go:3:5
.   .   CALLFUNC int tc(1) # m.go:5:14
.   .   CALLFUNC-Fun
.   .   .   NAME-p.twice Class:PFUNC Offset:0 Used FUNC-func(int) int tc(1) # m.go:9:6
.   .   CALLFUNC-Args
.   .   .   NAME-p..autotmp_4 esc(N) Class:PAUTO Offset:0 AutoTemp OnStack Used int tc(1) # m.go:5:9
.   INLMARK Index:3 # +m.go:6:2
.   IF tc(1) # m.go:6:5
.   IF-Cond
.   .   EQ bool tc(1) # m.go:6:5
.   .   .   NAME-p.name Class:PEXTERN Offset:0 Used string tc(1) # m.go:3:5
.   .   .   LITERAL-"a # b" string tc(1) # m.go:6:9
after walk Add
`
	staticTree = `before walk Add
.   AS tc(1) # m.go:5:8
.   .   NAME-p..autotmp_7 esc(N) Class:PAUTO Offset:0 AutoTemp OnStack Used int tc(1) # m.go:5:8
.   .   CALLFUNC int tc(1) # m.go:5:20
.   .   CALLFUNC-Fun
.   .   .   NAME-p.twice Class:PFUNC Offset:0 Used FUNC-func(int) int tc(1) # m.go:9:6
.   .   CALLFUNC-Args
.   .   .   NAME-p..autotmp_6 esc(N) Class:PAUTO Offset:0 AutoTemp OnStack Used int tc(1) # m.go:5:9
.   AS tc(1) # m.go:5:8
.   .   DOT p.V_total int tc(1) # m.go:5:8
.   .   .   NAME-p.VNET0_P Class:PEXTERN Offset:0 Used p.vnet_p tc(1) # m.go:3:5
.   .   NAME-p..autotmp_7 esc(N) Class:PAUTO Offset:0 AutoTemp OnStack Used int tc(1) # m.go:5:8
.   INLMARK Index:9 # +m.go:6:2
.   IF tc(1) # m.go:6:5
.   IF-Cond
.   .   EQ bool tc(1) # m.go:6:5
.   .   .   DOT p.V_name string tc(1) # m.go:6:5
.   .   .   .   NAME-p.VNET0_P Class:PEXTERN Offset:0 Used p.vnet_p tc(1) # m.go:3:5
.   .   .   LITERAL-"a # b" string tc(1) # m.go:6:15
after walk Add
`
)

// TestTrees breaks one of two trees in every line: each time they must differ.
func TestTrees(t *testing.T) {
	u := func() *unit { return &unit{prefix: "example.com/p.", symbols: map[key]*objfile.Symbol{}} }
	p := &pair{a: u(), b: u(), fields: map[string]map[string]field{"example.com/p.VNET0_P": {}}}
	same := func(static string) bool {
		a, b := readTrees(plainTree)["Add"], readTrees(static)["Add"]
		return a != nil && b != nil && !a.twice && !b.twice && p.sameTree(a.before, b.before)
	}
	if !same(staticTree) {
		t.Fatal("two trees of one function differ")
	}
	lines := strings.SplitAfter(staticTree, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, ".") {
			continue
		}
		with := func(s string) string {
			return strings.Join(lines[:i], "") + s + strings.Join(lines[i+1:], "")
		}
		if same(with("")) {
			t.Errorf("not found: line %d is missing: %s", i, line)
		}
		if same(with(line + line)) {
			t.Errorf("not found: line %d is there twice: %s", i, line)
		}
		if same(with(".   " + line)) {
			t.Errorf("not found: line %d stands deeper: %s", i, line)
		}
	}
	for _, c := range [][2]string{
		{"V_total", "V_name"},
		{"V_name string", "V_nome string"},
		{"VNET0_P", "VNET0_Q"},
		{"p.twice", "p.thrice"},
		{"p.twice", "q.twice"},
		{`"a # b"`, `"a # c"`},
		{"EQ", "NE"},
		{"EQ bool", "EQ Bounded bool"},
		{"autotmp_6 esc(N)", "autotmp_6 esc(h)"},
		{"autotmp_6", "autotmp_7"},                     // read before it is assigned
		{"IF tc(1)", "AS tc(1)"},                       // another statement
		{"LITERAL", "NAME-p..autotmp_7 esc(N)LITERAL"}, // the temporary is read again
	} {
		if tampered := strings.Replace(staticTree, c[0], c[1], 1); tampered == staticTree || same(tampered) {
			t.Errorf("not found: %s instead of %s", c[1], c[0])
		}
	}
	if same(staticTree + staticTree) {
		t.Error("which of two functions of one name is meant is not known")
	}
}
