// Package perimage lists what of the standard library is per image in the builds that vimagegen drives. A committed
// build, on a stock toolchain, has one of each for all images.
//
// It is data, with a reason each: nothing goes in.
package perimage

import "slices"

// A Package is one standard package whose package-level state is per image, with the reason.
type Package struct {
	Path   string
	Vars   []string // nil: all, and its initialisation is replayed; else these alone, each starting as a copy of the process's
	Reason string
}

// Standard is the list: what makes a second start-up fail, or leaks from one image to another. Everything else of
// the standard library is shared.
func Standard() []Package {
	return []Package{
		{"os", []string{"Args", "Stdin", "Stdout", "Stderr"}, "programs assign them; an image has its own arguments and output"},
		{"flag", nil, "CommandLine: defining a flag twice panics"},
		{"expvar", nil, "publishing a name twice panics"},
		{"log", nil, "the standard logger's output, flags and prefix"},
		{"log/internal", nil, "log and log/slog hand the default output to each other through it"},
		{"log/slog", nil, "the default logger and level"},
		{"net/http", nil, "default mux, client and transport: a pattern registered twice panics"},
		{"database/sql", nil, "registering a driver twice panics"},
		{"encoding/gob", nil, "registering a type under two names panics; type ids"},
		{"image", nil, "the list of formats"},
		{"mime", nil, "the table of types"},
		{"math/rand", nil, "the source that Seed sets"},
		{"runtime/pprof", []string{"profiles"}, "making a profile of one name twice panics"},
	}
}

// Has reports whether a variable of a standard package is on the list. What registers in a listed package at its
// initialisation is not: whoever plans a build derives that.
func Has(path, name string) bool {
	for _, p := range Standard() {
		if p.Path == path {
			return p.Vars == nil || slices.Contains(p.Vars, name)
		}
	}
	return false
}
