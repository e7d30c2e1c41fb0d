package attack

import "slices"

// A form is a type that holds a value of another one, with ways to put it in
// and to take it out.
type form struct {
	lib string // the feature of the standard library that it belongs to; "" for what the language has
	typ string // the type, in terms of T and of the names that top declares
	top string // declarations that the type needs
	key key    // whether it can be compared
	ok  func(t *typ) bool
	in  []string // each makes Y of X
	out []string // each makes Y, which is what was put in, of X
}

// key says whether a form's type can be a map's key.
type key int

const (
	always key = iota
	never
	asElem // if T can
)

// A pass hands a value along: of X, a T, it makes Y, the same T.
type pass struct {
	lib  string
	text string
}

// A cut goes on in another function, _G, with what is in X, and comes back when
// that has returned.
type cut struct {
	lib  string
	text string
}

// A base is a type of references to memory that can be written, which each
// attack declares anew.
type base struct {
	lib     string
	typ     string   // the reference, in terms of the names that top declares
	top     string   // declarations
	make    []string // expressions: references to new memory
	vars    []decl   // variables in whose memory the reference can point
	writes  []write
	changed string // a condition on X, a reference: its memory was written
	key     key
}

// A decl declares V so that expr is of some type.
type decl struct{ top, expr string }

// A write changes X, a base.
type write struct {
	lib  string
	text string
}

// typ is the type of a value on its way.
type typ struct {
	src   string
	form  *form // nil for the base
	elem  *typ
	names subst // what the form has declared
	key   bool
	iface bool
}

func plain(texts ...string) []write {
	var out []write
	for _, t := range texts {
		out = append(out, write{text: t})
	}
	return out
}

// usable leaves of entries those of the language and those that belong to one
// of the features.
func usable[E any](entries []E, lib func(E) string, features map[string]bool) []E {
	var out []E
	for _, e := range entries {
		if l := lib(e); l == "" || features[l] {
			out = append(out, e)
		}
	}
	return out
}

// tables has what one program may use.
type tables struct {
	forms  []form
	passes []pass
	cuts   []cut
	bases  []base
}

// all has every entry of the language, and the ones of the standard library.
func all() tables {
	var t tables
	t.forms = append(t.forms, containers()...)
	t.forms = append(t.forms, declared()...)
	t.forms = append(t.forms, functions()...)
	t.forms = append(t.forms, generics()...)
	t.forms = append(t.forms, libraryForms()...)
	t.passes = append(t.passes, passes()...)
	t.passes = append(t.passes, statements()...)
	t.passes = slices.Concat(t.passes, libraryPasses(), standardPasses(), linkedPasses())
	t.cuts = cuts()
	t.bases = slices.Concat(bases(), libraryBases(), reflectBases())
	return t
}

// features lists the names of the library's features, each once.
func (t tables) features() []string {
	var out []string
	seen := map[string]bool{"": true}
	add := func(lib string) {
		if !seen[lib] {
			seen[lib] = true
			out = append(out, lib)
		}
	}
	for _, f := range t.forms {
		add(f.lib)
	}
	for _, p := range t.passes {
		add(p.lib)
	}
	for _, c := range t.cuts {
		add(c.lib)
	}
	for _, b := range t.bases {
		add(b.lib)
		for _, w := range b.writes {
			add(w.lib)
		}
	}
	return out
}

// only leaves what belongs to the features.
func (t tables) only(features map[string]bool) tables {
	t.forms = usable(t.forms, func(f form) string { return f.lib }, features)
	t.passes = usable(t.passes, func(p pass) string { return p.lib }, features)
	t.cuts = usable(t.cuts, func(c cut) string { return c.lib }, features)
	t.bases = usable(t.bases, func(b base) string { return b.lib }, features)
	for i := range t.bases {
		t.bases[i].writes = usable(t.bases[i].writes, func(w write) string { return w.lib }, features)
	}
	return t
}
