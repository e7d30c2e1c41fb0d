package writecheck

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// variables lists the package-level variables of a file.
func variables(t *testing.T, pkg, file string) (names []Name) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, s := range g.Specs {
				for _, id := range s.(*ast.ValueSpec).Names {
					names = append(names, Name{pkg, id.Name})
				}
			}
		}
	}
	return names
}

// TestWays checks that each way of writing is seen, and how, and that reading
// is not taken for it.
func TestWays(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the standard library with hooks")
	}
	b, err := NewBuilder(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const pkg = "example.com/ways"
	p, err := b.Build(t.Context(), Target{Dir: "testdata/ways", Package: ".", Main: pkg})
	if err != nil {
		t.Fatal(err)
	}
	vars := variables(t, pkg, "testdata/ways/ways.go")
	seen, err := p.Run(t.Context(), vars, "testdata/ways", os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	if seen.Err != nil || len(seen.Output) > 0 || seen.Processes != 1 || seen.Dropped != 0 {
		t.Errorf("%+v\n%s", seen.Err, seen.Output)
	}
	var got strings.Builder
	for _, v := range vars {
		writes, linked := seen.Writes[v]
		if !linked {
			t.Errorf("%s is not in the program", v)
		}
		if never := strings.HasPrefix(v.Name, "never"); never != (len(writes) == 0) {
			t.Errorf("%s: %d writes were seen", v, len(writes))
		}
		fmt.Fprintln(&got, v.Name, ways(writes))
	}
	if want := strings.TrimPrefix(waysWant, "\n"); got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}

// ways says how, how many pointers away, and by which function of the program.
func ways(writes []Write) string {
	var all []string
	for _, w := range writes {
		by := "?"
		if i := slices.IndexFunc(w.Stack, func(f Frame) bool { return strings.HasPrefix(f.Func, "main.") }); i >= 0 {
			by = fmt.Sprintf("%s:%d", strings.TrimPrefix(w.Stack[i].Func, "main."), w.Stack[i].Line)
		}
		if s := fmt.Sprintf("%s/%d %s", w.Kind, w.Depth, by); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

const waysWant = `
direct stored/0 main:125
same stored/0 main:126
field stored/0 main:127
element stored/0 main:128
alias stored/1 main:129
deep stored/3 main:130
inArray stored/1 main:131
whole copied/1 main:132
swapped stored/1 main:133
ranged stored/0 main:134
iface stored/1 main:136
method stored/1 (*node).set:27
inserted map/1 maps1:170
inserted32 map/1 maps1:171
inserted64 map/1 maps1:172
insertedP map/1 maps1:173
insertedF map/1 maps1:174
assigned map/1 maps1:175, stored/2 maps1:175
deleted map/1 maps1:176
deleted32 map/1 maps1:177
deletedF map/1 maps1:178
emptied map/1 maps1:179, runtime/2 maps1:179
copied map/1 maps1:180, stored/2 maps1:180
inMap stored/3 maps1:181
appended stored/1 slices1:185
appendedP stored/1 slices1:186
filled stored/1 slices1:187
filledP stored/1 slices1:188
cleared runtime/1 slices1:189
added atomic/0 atomics:193
old atomic/0 atomics:194
exchanged atomic/0 atomics:196
pointed atomic/0 atomics:197
value atomic/0 atomics:198
masked atomic/0 atomics:199
counting stored/2 init.counter.func1:109
bound stored/2 (*node).set:27
sent channel/1 channels:204, runtime/1 channels:204
received channel/1 channels:205, runtime/1 channels:205
closed channel/1 channels:206
selected channel/1 channels:208, runtime/2 channels:208
reflected stored/0 reflection:218
reflectedP stored/0 reflection:219
reflectedM map/1 reflection:220
reflectedA runtime/1 reflection:221, stored/1 reflection:221
reflectedS stored/1 main:145
sorted stored/1 main:146
hidden stored/0 main:147
assembled differs/0 ?
read stored/1 pipe:237
started stored/0 main.func2:152
mutex atomic/0 main:154, atomic/0 main:155
once atomic/0 main:156
synced atomic/0 main:157, stored/0 main:157
pool atomic/0 main:158, stored/0 reads:258
built stored/0 main:159
restored stored/0 main:160, stored/0 main:161
onExit stored/0 main:166
norace differs/0 ?
neverInt 
neverText 
neverErr 
neverRegexp 
neverMap 
neverMapF 
neverSlice 
neverCapped 
neverChan 
neverFunc 
neverAtomic 
neverBig 
neverSwapped 
neverSized 
unsized stored/0 main:163
`
