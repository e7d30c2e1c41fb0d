package corpus

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Result is what was found out about one module.
type Result struct {
	Module             Module
	Plain, Virtualised Verdicts
	Fates              Fates // of the variables of the module's own packages
	Differences        []Difference
	Isolation          Isolation
	Err                error // what kept the comparison from ending
	IsolationErr       error
}

// Fates counts variables.
type Fates struct{ Virtual, Shared, Refused int }

func (f Fates) String() string { return fmt.Sprintf("%d / %d / %d", f.Virtual, f.Shared, f.Refused) }

// OK says whether the module behaves as it does plain, but for what is
// explained, and its images are isolated.
func (r Result) OK() bool {
	for _, d := range r.Differences {
		if d.Why == "" {
			return false
		}
	}
	return r.Err == nil && r.IsolationErr == nil
}

// Write prints the table, then the differences and what went wrong.
func Write(w io.Writer, results []Result) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "module\tpackages\tvirtual / shared / refused\tbefore the proof\tbytes an image\tnew image\ttests plain\ttests virtualised\tdifferences\tisolated")
	for _, r := range results {
		isolated := "yes"
		if r.IsolationErr != nil {
			isolated = "NO"
		}
		differences := fmt.Sprint(len(r.Differences))
		if r.Err != nil {
			differences = "FAILED"
		}
		fmt.Fprintf(tw, "%s\t%d\t%s\t%s\t%d\t%v\t%s\t%s\t%s\t%s\n", r.Module.Path, r.Plain.packages(), r.Fates, r.Module.Before,
			r.Isolation.Bytes, r.Isolation.Create, r.Plain, r.Virtualised, differences, isolated)
	}
	tw.Flush()
	for _, r := range results {
		for _, d := range r.Differences {
			fmt.Fprintf(w, "\n%s\n", d)
			if d.Why != "" {
				fmt.Fprintf(w, "\t%s\n", d.Why)
			}
		}
		for _, err := range []error{r.Err, r.IsolationErr} {
			if err != nil {
				fmt.Fprintf(w, "\n%s: %v\n", r.Module.Path, err)
			}
		}
	}
}
