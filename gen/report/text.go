package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/token"
	"io"
	"strings"

	"github.com/go-vimage/vimage/gen/plan"
)

// WriteText writes one line a variable:
//
//	file:line:col: fate: package.name (type, 8 bytes, 2 writes, 1 address, 5 reads): reason
//
// Rel spells a path of this machine. Addresses are left out where none is
// taken. The last line is a summary:
//
//	12 variables: 7 shared, 5 virtual
func WriteText(w io.Writer, r *Report, rel func(path string) string) error {
	b := bufio.NewWriter(w)
	for _, v := range r.Variables {
		at := token.Position{Filename: rel(v.Place.path), Line: v.Place.Line, Column: v.Place.Column}
		fmt.Fprintf(b, "%s: %s: ", at, v.Fate)
		if v.Kind != "go" {
			fmt.Fprintf(b, "%s of package %s: %s\n", v.Name, v.Package, v.Reason)
			continue
		}
		writes, addresses := len(v.Writes), ""
		for _, u := range v.Writes {
			if u.How == string(plan.Address) {
				writes--
			}
		}
		if n := len(v.Writes) - writes; n == 1 {
			addresses = ", 1 address"
		} else if n > 1 {
			addresses = fmt.Sprintf(", %d addresses", n)
		}
		fmt.Fprintf(b, "%s.%s (%s, %s, %s%s, %s): %s\n", v.Package, v.Name, v.Type, count(v.Size, "byte"),
			count(int64(writes), "write"), addresses, count(int64(len(v.Reads)), "read"), v.Reason)
	}
	fmt.Fprintln(b, summary(r))
	return b.Flush()
}

func summary(r *Report) string {
	if len(r.Variables) == 0 {
		if r.Fate != "" {
			return "no variable is " + r.Fate
		}
		return "no package-level variables"
	}
	if r.Fate != "" {
		return fmt.Sprintf("%s: all %s", count(int64(len(r.Variables)), "variable"), r.Fate)
	}
	n := map[string]int64{}
	for _, v := range r.Variables {
		n[v.Fate]++
	}
	s := count(int64(len(r.Variables)), "variable") + ":"
	for i, fate := range []plan.Fate{plan.Shared, plan.Virtual, plan.Refused} {
		if k := n[fate.String()]; k > 0 || i < 2 {
			s += fmt.Sprintf(" %d %s,", k, fate)
		}
	}
	return strings.TrimSuffix(s, ",")
}

func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// WriteJSON writes the report as a JSON document; see the package's comment.
func WriteJSON(w io.Writer, r *Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	return e.Encode(r)
}
