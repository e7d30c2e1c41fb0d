package writecheck

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Print writes one line about a write and its stack below, runtime frames at
// the outer end left out.
func (w Write) Print(to io.Writer, indent string) {
	where := "the variable itself"
	if w.Depth > 0 {
		where = fmt.Sprintf("%d bytes, %d pointers away", w.Bytes, w.Depth)
	}
	if w.Via != "" {
		where += " via " + w.Via
	}
	fmt.Fprintf(to, "%s%s at %d of %s\n", indent, w.Kind, w.Off, where)
	for _, f := range w.Stack {
		if f.Func != "runtime.goexit" && f.Func != "runtime.main" {
			fmt.Fprintf(to, "%s\t%s %s:%d\n", indent, f.Func, short(f.File), f.Line)
		}
	}
}

// short is the end of a file's path, which tells it in any tree.
func short(file string) string {
	dir, base := filepath.Split(file)
	return strings.TrimPrefix(filepath.Base(dir)+"/"+base, "./")
}

// Violations prints the variables that are called shared and were written, with
// at most n stacks each.
func Violations(to io.Writer, program string, all []Outcome, n int) {
	for _, o := range all {
		if o.Sound() {
			continue
		}
		fmt.Fprintf(to, "%s: %s.%s is called shared, yet it is written\n\treason given: %s\n", program, o.Package, o.Name, o.Reason)
		for i, w := range o.Writes {
			if i == n {
				fmt.Fprintf(to, "\tand %d more\n", len(o.Writes)-n)
				break
			}
			w.Print(to, "\t")
		}
	}
}
