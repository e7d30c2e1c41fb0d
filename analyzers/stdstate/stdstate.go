package stdstate

import (
	_ "embed"
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// A Verdict says what becomes of a variable in a driven build.
type Verdict string

// The verdicts.
const (
	Image   Verdict = "image"   // the image's own, where a program changes it
	Process Verdict = "process" // one for all images, and unobservable
	Refused Verdict = "refused" // programs that change it are refused
)

// An Entry is one variable of the standard library.
type Entry struct {
	Pkg, Name string
	Verdict   Verdict
	Copy      bool   // of an image's: each starts as a copy of the process's, whatever the program does
	If        string // of an image's: only in programs that call this function; "" for all
	// Through are the functions, as types.Func.FullName spells them, that hand
	// memory of a process's to the program. One that names them may change it.
	Through []string
	// With is a variable of the package with Through: if an image has its own
	// of that, it has of this one.
	With   string
	By     string // the function in which it changes
	Reason string
}

// A Table is the entries by package and name.
type Table struct {
	List     []Entry // in the order of the text
	by       map[[2]string]*Entry
	packages map[string]bool // those that have entries
}

// text is table.txt. See its head for the format.
//
//go:embed table.txt
var text string

// Read returns the table.
func Read() (*Table, error) { return Parse(text) }

// Parse reads a table.
func Parse(text string) (*Table, error) {
	t := &Table{by: map[[2]string]*Entry{}, packages: map[string]bool{}}
	var head Entry
	for i, line := range strings.Split(text, "\n") {
		fail := func(msg string) (*Table, error) { return nil, fmt.Errorf("table.txt:%d: %s", i+1, msg) }
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] != '\t':
			verdict, reason, ok := strings.Cut(line, ": ")
			verdict, more, _ := strings.Cut(verdict, " ")
			head = Entry{Verdict: Verdict(verdict), Copy: more == "copy", Reason: reason}
			head.If, _ = strings.CutPrefix(more, "if ")
			if through, ok := strings.CutPrefix(more, "through "); ok {
				head.Through, head.If = strings.Fields(through), more
			}
			if with, ok := strings.CutPrefix(more, "with "); ok {
				head.With, head.If = with, more
			}
			switch {
			case !ok || reason == "":
				return fail("want VERDICT: REASON")
			case head.Verdict != Image && head.Verdict != Process && head.Verdict != Refused,
				(head.Through != nil || head.With != "") && verdict != "process",
				more != "" && head.Through == nil && head.With == "" && (verdict != "image" || !head.Copy && head.If == more):
				return fail("unknown verdict " + verdict + " " + more)
			}
			if head.If == more {
				head.If = ""
			}
			continue
		case head.Verdict == "":
			return fail("a variable without a verdict above it")
		}
		e := head
		var name string
		name, e.By, _ = strings.Cut(line[1:], " ")
		dot := strings.LastIndexByte(name, '.')
		if dot < 0 {
			return fail("want PACKAGE.VARIABLE, not " + name)
		}
		e.Pkg, e.Name = name[:dot], name[dot+1:]
		if t.by[[2]string{e.Pkg, e.Name}] != nil {
			return fail("a second entry for " + name)
		}
		t.List = append(t.List, e)
		t.by[[2]string{e.Pkg, e.Name}] = &e
		t.packages[e.Pkg] = true
	}
	return t, nil
}

// Lookup returns the entry of a variable, nil if it has none.
func (t *Table) Lookup(pkg, name string) *Entry { return t.by[[2]string{pkg, name}] }

// Changing lists the variables that entry e depends on: if one of them changes,
// each image has its own copy of e's variable. The list is empty if e has
// neither Through nor With.
func (t *Table) Changing(e *Entry) (out []Entry) {
	if e.With != "" {
		e = t.Lookup(e.Pkg, e.With)
	}
	if e == nil || e.Through == nil {
		return nil
	}
	for _, other := range t.List {
		if other.Pkg == e.Pkg && slices.Equal(other.Through, e.Through) {
			out = append(out, other)
		}
	}
	return out
}

// Has reports whether the table has an entry of a package, which then is of the
// standard library.
func (t *Table) Has(pkg string) bool { return t.packages[pkg] }

// Own reports whether images of driven builds have their own of a variable
// that a program changes. The package must be of the standard library. An
// exported variable with the verdict process (net.DefaultResolver) changes by
// the program's own assignments alone, and then is the image's.
func (t *Table) Own(pkg, name string) bool {
	if e := t.Lookup(pkg, name); e != nil {
		return e.Verdict == Image || e.Verdict == Process && (e.Through != nil || e.With != "" || ast.IsExported(name))
	}
	return pkg != "runtime" && !strings.HasPrefix(pkg, "internal/runtime/")
}
