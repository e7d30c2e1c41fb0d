package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// figures are what the workloads printed: by name and build, one a round.
type figures map[[2]string][]float64

func (f figures) enter(name, build string, v float64) {
	at := [2]string{name, build}
	f[at] = append(f[at], v)
}

// ratios returns a build's figures to those of the plain build in the same rounds.
func (f figures) ratios(name, build string) (out []float64) {
	for i, v := range f[[2]string{name, build}] {
		out = append(out, v/f[[2]string{name, "plain"}][i])
	}
	return out
}

// quartiles returns the first quartile, the median and the third.
func quartiles(list []float64) (low, median, high float64) {
	if len(list) == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	s := slices.Sorted(slices.Values(list))
	at := func(q float64) float64 {
		x := q * float64(len(s)-1)
		i := int(x)
		j := min(i+1, len(s)-1)
		return s[i] + (x-float64(i))*(s[j]-s[i])
	}
	return at(.25), at(.5), at(.75)
}

// A row is a line of the table: a figure, and what its limit is for each build, of
// the ratio to plain or of the figure.
type row struct {
	name, what, unit string
	ratio            bool
	least            bool // the limit is from below
	limit            map[string]float64
}

func (f figures) rows() []row {
	ratio := map[string]float64{"static": none, "g": 1.03, "label": 1.06}
	each := func(limit float64) map[string]float64 { return map[string]float64{"g": limit, "label": limit} }
	return []row{
		{"forward", "UDP over three hops in one stack, a packet", "ns", true, false, ratio},
		{"bulk", "TCP over loopback, 1,460 bytes a segment, a kB", "ns", true, false, ratio},
		{"bulk-super", "the same, super-segments", "ns", true, false, ratio},
		{"forward-images", "UDP over three images, a packet", "ns", false, false, each(none)},
		{"bulk-images", "TCP between two images, a kB", "ns", false, false, each(none)},
		{"bulk-images-super", "the same, super-segments", "ns", false, false, each(none)},
		{"new", "creating an image", "µs", false, false, each(100)},
		{"close", "closing it", "µs", false, false, each(50)},
		{"rest", "an image at rest", "bytes", false, false, each(32 << 10)},
		{"goroutines", "its goroutines", "", false, false, each(0)},
		{"left", "what 10,000 images leave, each", "bytes", false, false, each(100)},
		{"start", "10,000 images start", "s", false, false, each(2)},
		{"pairs", "two pairs on two processors, to one on one", "times", false, true, each(1.8)},
		{"pairs-processor", "the same, if nothing else ran: by processor time", "times", false, true, each(1.8)},
	}
}

// none is the limit of what has none.
var none = math.Inf(1) //nolint:globals // a constant that the language has no literal for

// write prints the table and returns the exit status.
func (f figures) write(out io.Writer) (status int) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "build\tfigure\tunit\tto plain\tquartiles\tlimit\t\twhat")
	for _, r := range f.rows() {
		for _, b := range builds {
			list := f[[2]string{r.name, b}]
			if len(list) == 0 {
				continue
			}
			low, v, high := quartiles(list)
			ratio := ""
			median := v
			if r.ratio {
				low, v, high = quartiles(f.ratios(r.name, b))
				ratio = fmt.Sprintf("%.3f", v)
			}
			limit, verdict := "", ""
			if l, ok := r.limit[b]; ok && l != none {
				limit = fmt.Sprintf("%.4g", l)
				if v > l && !r.least || v < l && r.least {
					verdict, status = "MISSED", 1
				}
			}
			fmt.Fprintf(w, "%s\t%.4g\t%s\t%s\t%.3f to %.3f\t%s\t%s\t%s\n", b, median, r.unit, ratio, low, high, limit, verdict, r.what)
		}
	}
	w.Flush()
	return status
}
