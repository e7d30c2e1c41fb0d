// Package perprocess decides how images share the resources that a process has
// only once: its exit, standard files, working directory, the garbage
// collector's settings. It names each resource by the functions of the standard
// library and of golang.org/x/sys that use it. vimagegen run reports and
// refuses by this table, and vimagegen help process prints it. For example,
// syscall.Umask is shared, and syscall.Exec is refused.
//
// Input: none, but for the data in table.txt, whose head explains it. Output: a
// verdict with its reason for a function.
//
// The alternative, notes beside the mechanisms, was rejected: a reader could
// not see from them what was forgotten.
package perprocess

import (
	_ "embed"
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

//go:embed table.txt
var table string

// A Verdict says how images share what a function reaches.
type Verdict string

// The verdicts.
const (
	Image   Verdict = "image"   // each image has its own
	Shared  Verdict = "shared"  // all images have one
	Refused Verdict = "refused" // one image would end or replace all
)

// A Rule is the decision about some functions.
type Rule struct {
	Verdict Verdict
	// System is the GOOS for which an Image is one, "" for each: on others, and
	// in programs that call C, it is Shared.
	System    string
	Part      string // heading in the manual
	Functions []Function
	Reason    string
	Change    string // what a call changes, and what to do instead; "" if package crossing does not report it
	InMain    bool   // package main may call the functions: crossing reports other packages alone
}

// On returns the verdict for programs of a GOOS, "" for those that call C.
func (r *Rule) On(system string) Verdict {
	if r.System != "" && r.System != system {
		return Shared
	}
	return r.Verdict
}

// A Function is named by its package's path and its name, for a method that of
// its receiver's type before it. It may be the number of a system call, too
// (syscall.SYS_EXECVE), for programs that call by number.
type Function struct {
	Path, Name string
	Asks       bool  // a call with a constant argument below Below changes nothing
	Below      int64 // see Asks
}

func (f Function) String() string { return f.Path + "." + f.Name }

// Rules reads the table.
func Rules() ([]Rule, error) { return parse(table) }

func parse(text string) ([]Rule, error) {
	var rules []Rule
	part := ""
	for i, line := range strings.Split(text, "\n") {
		if heading, ok := strings.CutPrefix(line, "== "); ok {
			part = heading
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		left, reason, ok := strings.Cut(line, " # ")
		fields := strings.Fields(left)
		if !ok || reason == "" || len(fields) < 2 || part == "" {
			return nil, fmt.Errorf("table.txt:%d: want a verdict, functions and a reason, below a heading", i+1)
		}
		reason, change, _ := strings.Cut(reason, " ! ")
		change, may := strings.CutPrefix(change, "except in main: ")
		verdict, system, _ := strings.Cut(fields[0], ":")
		r := Rule{Verdict: Verdict(verdict), System: system, Part: part, Reason: reason, Change: change, InMain: may}
		if r.Verdict != Image && r.Verdict != Shared && r.Verdict != Refused {
			return nil, fmt.Errorf("table.txt:%d: no verdict %q", i+1, fields[0])
		}
		for _, word := range fields[1:] {
			name, below, asks := strings.Cut(word, "<")
			f := Function{Asks: asks}
			slash := strings.LastIndexByte(name, '/') + 1
			path, fn, ok := strings.Cut(name[slash:], ".")
			if !ok {
				return nil, fmt.Errorf("table.txt:%d: %q names no function", i+1, word)
			}
			f.Path, f.Name = name[:slash]+path, fn
			if asks {
				n, err := strconv.ParseInt(below, 10, 64)
				if err != nil {
					return nil, fmt.Errorf("table.txt:%d: %w", i+1, err)
				}
				f.Below = n
			}
			r.Functions = append(r.Functions, f)
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// A Table answers for functions.
type Table struct {
	rules map[string]*Rule
	funcs map[string]Function
}

// NewTable returns the table of the rules.
func NewTable() (*Table, error) {
	rules, err := Rules()
	if err != nil {
		return nil, err
	}
	t := &Table{map[string]*Rule{}, map[string]Function{}}
	for i := range rules {
		for _, f := range rules[i].Functions {
			t.rules[f.String()], t.funcs[f.String()] = &rules[i], f
		}
	}
	return t, nil
}

// Lookup returns the rule for a function or constant, nil if there is none, and
// the function as the table has it.
func (t *Table) Lookup(obj types.Object) (*Rule, Function) {
	if obj.Pkg() == nil || obj.Parent() != nil && obj.Parent() != obj.Pkg().Scope() {
		return nil, Function{}
	}
	name := obj.Name()
	if fn, ok := obj.(*types.Func); ok && fn.Signature().Recv() != nil {
		recv := fn.Signature().Recv()
		typ := recv.Type()
		if p, ok := typ.(*types.Pointer); ok {
			typ = p.Elem()
		}
		named, ok := typ.(*types.Named)
		if !ok {
			return nil, Function{}
		}
		name = named.Obj().Name() + "." + name
	}
	key := obj.Pkg().Path() + "." + name
	return t.rules[key], t.funcs[key]
}

// Rule returns the rule for a function or constant, named as in the table, nil
// if there is none.
func (t *Table) Rule(name string) *Rule { return t.rules[name] }

// Manual returns the table as text for people.
func Manual() (string, error) {
	rules, err := Rules()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	part := ""
	for _, r := range rules {
		if r.Part != part {
			part = r.Part
			fmt.Fprintf(&b, "\n%s\n", part)
		}
		var names []string
		for _, f := range r.Functions {
			names = append(names, f.String())
		}
		verdict := string(r.Verdict)
		if r.System != "" {
			verdict += " (" + r.System + "; elsewhere " + string(Shared) + ")"
		}
		fmt.Fprintf(&b, "  %-8s %s\n           %s\n", verdict, strings.Join(names, " "), r.Reason)
	}
	return b.String(), nil
}
