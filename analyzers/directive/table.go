package directive

import (
	"go/ast"
	"strings"
)

// An entry of the table describes one verb. The literals have no field names,
// so the compiler refuses an entry that lacks a field; the test refuses one
// without consumers, and a consumer that does not mention the verb.
type entry struct {
	verb      string
	above     []kind    // where it may stand
	parse     parseFunc // of its arguments
	consumers []string  // the packages that act on it
}

// A parseFunc enters a directive into the reader, or complains.
type parseFunc func(r *reader, at place, d ast.Directive, complain func(string, ...any))

// table has all verbs.
func table() []entry {
	fate := []string{"gen/plan"}
	stages := []string{"gen/plan"} // gen/emit calls the functions that it lists
	slots := []string{"analyzers/aliases", "gen/aliases"}
	pages := []string{"analyzers/sharedvars", "gen/pages"}
	return []entry{
		{Shared, []kind{variable}, (*reader).word, fate},
		{Virtual, []kind{variable}, (*reader).word, fate},
		{Sysctl, []kind{function, variable}, (*reader).sysctl, []string{"gen/sysctls"}},
		{Pcpustat, []kind{variable}, (*reader).pcpustat, fate},
		{Sysinit, []kind{function}, (*reader).sysinit, stages},
		{Sysuninit, []kind{function}, (*reader).sysinit, stages},
		{Weak, []kind{function}, (*reader).alias, slots},
		{Strong, []kind{function}, (*reader).alias, slots},
		{Refine, []kind{function}, (*reader).alias, slots},
		{Super, []kind{function}, (*reader).alias, slots},
		{Module, []kind{function}, (*reader).alias, slots},
		{SharedPage, []kind{typ}, (*reader).sharedPage, pages},
		{Vdso, []kind{function}, (*reader).vdso, pages},
	}
}

// A kind of declaration that a comment may stand above.
type kind string

const (
	elsewhere kind = ""
	variable  kind = "a package-level variable"
	function  kind = "a function"
	typ       kind = "a type"
)

// spell lists kinds for a message.
func spell(kinds []kind) string {
	var all []string
	for _, k := range kinds {
		all = append(all, string(k))
	}
	return strings.Join(all, " or ")
}
