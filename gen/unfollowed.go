package gen

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/gen/goroot"
	"github.com/go-vimage/vimage/gen/plan"
)

// Unfollowed returns a line for a program with more addresses that package
// unsafe moves or casts than the proof follows one by one, else "". It names
// the first place that makes a pointer of such an address, and the number of
// other types that pointers are made to:
//
//	pointer_unsafe.go:142:9: note: the proof does not follow all addresses that
//	become *bool here, and pointers to 60 more types, by package unsafe: ...
//
// Places in what programs link against of ours are left out: the debug pages only
// read, and a setting is virtual in any case.
func Unfollowed(p *plan.Plan, dir string) string {
	alone := slices.DeleteFunc(slices.Clone(p.Alone), func(c flow.Cast) bool { return ours(p, c) })
	if len(alone) == 0 {
		return ""
	}
	first := alone[0]
	for _, c := range alone {
		if !first.Pos.IsValid() && c.Pos.IsValid() {
			first = c
		}
	}
	where := "vimagegen"
	here := ""
	if first.Pos.IsValid() {
		pos := p.Prog.Fset.Position(first.Pos)
		pos.Filename = Speller(p.Prog, dir)(pos.Filename)
		where, here = pos.String(), " here"
	}
	name := elements.ReplaceAllString(first.Type, "")
	more, these := "", "that type"
	if n := len(alone) - 1; n > 0 {
		more, these = fmt.Sprintf(", and pointers to %d more types,", n), "these types"
	}
	return fmt.Sprintf("%s: note: the proof does not follow all addresses that become *%s%s%s by package unsafe:"+
		" it takes them to lead to values of %s, and misses a change of memory of another type (README.md, Limits)",
		where, name, here, more, these)
}

// elements matches the elements of an import path before the last.
var elements = regexp.MustCompile(`[^\s\[\]*,(){}]+/`)

// ours reports whether a place is in a package of runtime.
func ours(p *plan.Plan, c flow.Cast) bool {
	if !c.Pos.IsValid() {
		return false
	}
	dir := filepath.Dir(p.Prog.Fset.PositionFor(c.Pos, false).Filename) // not that of a line directive
	for _, l := range p.Prog.Packages {
		if l.Dir == dir {
			return l.Path == modRuntime || strings.HasPrefix(l.Path, modRuntime+"/") ||
				l.Path == goroot.DebugPath || strings.HasPrefix(l.Path, goroot.DebugPath+"/")
		}
	}
	return false
}
