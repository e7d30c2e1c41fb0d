package attack

import (
	"fmt"
	"go/format"
	"maps"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// A Program is a module, m, of one package or, with an importer, of two.
type Program struct {
	Vars     []string // the attacked variables' names
	Features []string // which features of the standard library it uses
	load     string   // the package to judge
	files    map[string]string
	run      string // the package to run
}

// mark ends the lines that are only in the checked text.
const mark = "// witness"

// Archive is the program to be judged. Its comment is a line that says what to
// load, as the archives of gen/plan have it.
func (p *Program) Archive() *txtar.Archive {
	ar := &txtar.Archive{Comment: []byte("An attack.\n\nload " + p.load + "\n\n")}
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		if name == "witness.go" {
			continue
		}
		var text strings.Builder
		for line := range strings.Lines(p.files[name]) {
			if !strings.HasSuffix(line, mark+"\n") {
				text.WriteString(line)
			}
		}
		ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(text.String())})
	}
	return ar
}

// Checked is the program to run, by go run with the pattern run: it ends with
// status 0 if all variables were changed, and panics with the names of the
// others.
func (p *Program) Checked() (ar *txtar.Archive, run string) {
	ar = new(txtar.Archive)
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(p.files[name])})
	}
	return ar, p.run
}

// writer is what the attacks on one program's variables have in common.
type writer struct {
	Options
	tables
	exported bool             // methods and fields are
	m, user  *source          // the package, and its importer's
	shared   map[string]subst // declarations that may serve once more: what their fresh names are, by their text
	calls    []string         // functions of m that attack
	late     map[string]bool  // those that need what an init function does
	drives   []string         // functions of the importer that do
	witness  source           // what keeps references to what must change
	checks   []string
}

// A source is one package's declarations.
type source struct{ decls []string }

func (s *source) add(format string, args ...any) {
	s.decls = append(s.decls, fmt.Sprintf(format, args...))
}

// Generate writes the program. An error is a mistake in the tables.
func Generate(o Options) (*Program, error) {
	r := rand.New(rand.NewPCG(o.Seed, 0))
	w := &writer{Options: o, exported: o.Mode.Lib || r.IntN(2) == 0, m: new(source), user: new(source), shared: map[string]subst{}, late: map[string]bool{}}
	t := all()
	features := t.features()
	p := &Program{load: ".", run: ".", files: map[string]string{"go.mod": "module m\n\ngo 1.26\n"}}
	switch {
	case o.Mode.Each:
		p.Features = features
	case o.Mode.Std:
		for _, i := range r.Perm(len(features))[:3+r.IntN(3)] {
			p.Features = append(p.Features, features[i])
		}
	}
	enabled := map[string]bool{}
	for _, f := range p.Features {
		enabled[f] = true
	}
	w.tables = t.only(enabled)

	for i := range o.Vars {
		if len(o.Only) > 0 && !o.Only[i] {
			continue
		}
		p.Vars = append(p.Vars, w.attack(i))
	}
	return p, w.print(p)
}

func (w *writer) print(p *Program) error {
	call := func(names []string) string {
		var s strings.Builder
		for _, name := range names {
			fmt.Fprintf(&s, "%s()\n", name)
		}
		return s.String()
	}
	if w.Mode.Init {
		for i, name := range w.calls {
			if i%3 == 0 && !w.late[name] {
				w.m.add("var _ = func() int { println(); %s(); return 1 }()", name)
			} else {
				w.m.add("func init() {\nprintln()\n%s()\n}", name)
			}
		}
		w.calls = nil
	}
	files := map[string]*source{"witness.go": &w.witness}
	w.witness.add("func Changed() {\nvar not []string\n%sif not != nil { panic(\"not changed: \" + strings.Join(not, \" \")) }\n}", strings.Join(w.checks, ""))
	name := "main"
	if w.Mode.Lib {
		name, p.run = "m", "./user"
		if w.Mode.Driven {
			p.load = p.run
		}
		files["m.go"], files["user/main.go"] = w.m, w.user
		w.user.add("func main() {\n%sChanged() %s\n}", call(w.drives), mark)
	} else {
		files["main.go"] = w.m
		w.m.add("func main() {\n%sChanged() %s\n}", call(w.calls), mark)
	}
	if slices.Contains(p.Features, "linkname") {
		p.files["far/far.go"] = farText
		for file := range files { // functions without body need a file of assembly beside them
			if file != "witness.go" {
				p.files[path.Join(path.Dir(file), "empty.s")] = "// Empty.\n"
			}
		}
	}
	for file, src := range files {
		text := strings.Join(src.decls, "\n\n") + "\n"
		if file == "user/main.go" {
			text = "package main\n\nimport . \"m\"\n" + imports(text) + "\n" + text
		} else {
			text = "package " + name + "\n\n" + imports(text) + "\n" + text
		}
		out, err := format.Source([]byte(text))
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", file, err, text)
		}
		p.files[file] = string(out)
	}
	return nil
}

var qualified = regexp.MustCompile(`\b([a-z0-9]+)\.[A-Z]`)

// imports has an import declaration for each package that the text names.
func imports(text string) string {
	paths := map[string]bool{}
	for _, m := range qualified.FindAllStringSubmatch(text, -1) {
		for _, lib := range libraries() {
			if path.Base(lib) == m[1] {
				paths[lib] = true
			}
		}
		if m[1] == "rand" {
			paths["math/rand/v2"] = true
		}
		if m[1] == "crand" {
			paths["crypto/rand"] = true
		}
	}
	var out strings.Builder
	for _, lib := range slices.Sorted(maps.Keys(paths)) {
		if lib == "crypto/rand" { // math/rand/v2 has its name
			out.WriteString("import crand ")
		} else {
			out.WriteString("import ")
		}
		fmt.Fprintf(&out, "%q\n", lib)
	}
	return out.String()
}

// libraries are the packages that entries may name.
func libraries() []string {
	return strings.Fields(`
		bufio bytes crypto container/heap container/list container/ring context encoding/base64
		encoding/binary encoding/hex encoding/json errors expvar flag fmt hash image io io/fs iter log
		log/slog maps math/big net/textproto net/url reflect regexp slices sort strconv strings sync
		sync/atomic testing testing/fstest text/template time unicode/utf8 unique unsafe weak m/far`)
}
