package nm

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// WriteText prints a line for each symbol that is not the toolchain's or
// vimagegen's own, unaccounted ones last, and the totals.
func WriteText(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	line := func(s Symbol) {
		at := ""
		if s.Place != "" {
			at = s.Place + ": "
		}
		fmt.Fprintf(out, "%s%s: %s.%s (%s, %d bytes): %s\n", at, s.Class, s.Package, s.Name, s.Memory, s.Size, s.Reason)
	}
	for _, s := range r.Symbols {
		if s.Class == Virtual || s.Class == Shared || s.Class == Refused {
			line(s)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Same)) {
		fmt.Fprintf(out, "note: %s stands in %d packages: %s\n", name, len(r.Same[name]), strings.Join(r.Same[name], ", "))
	}
	for _, s := range r.Symbols {
		if s.Class == Unaccounted {
			line(s)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(r.Made)) {
		fmt.Fprintf(out, "compiler-made: %s: %d\n", what, r.Made[what])
	}
	fmt.Fprintf(out, "%d packages, %d symbols of writable data: %d virtual, %d shared, %d refused, %d compiler-made, %d vimagegen's own, %d unaccounted for\n",
		len(r.Packages), len(r.Symbols), r.Totals[Virtual], r.Totals[Shared], r.Totals[Refused], r.Totals[Compiler], r.Totals[Vimage], r.Totals[Unaccounted])
	return out.Flush()
}
