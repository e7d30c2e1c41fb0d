package attack

import (
	"fmt"
	"strings"
)

// Options say which program is written.
type Options struct {
	Seed uint64
	Vars int // how many variables
	Mode Mode

	Only     map[int]bool // if not empty, the numbers of the variables that are written at all
	Harmless map[int]bool // the numbers of variables whose last write is left out
}

// A Mode is the kind of program.
type Mode struct {
	Init   bool // the attacks are made by init functions, not by main
	Lib    bool // the package is a library; an importer calls what it exports with what it got from it
	Driven bool // with Lib: the importer is there and is judged as well, rather than thought of
	Std    bool // some features of the standard library are used
	Each   bool // instead of ways drawn at random, each entry of the tables by itself; the seed is the program's number
	Pairs  bool // with Each: every way to put in with every way to take out
}

// Modes lists the modes that are worth trying by default; pairs is each at
// length.
func Modes() []string {
	return []string{"plain", "init", "lib", "driven", "std", "std+init", "std+lib", "std+driven", "each"}
}

// ParseMode reads a mode as it is written in a flag: "plain", or words with a
// plus between them.
func ParseMode(s string) (Mode, error) {
	var m Mode
	for word := range strings.SplitSeq(s, "+") {
		switch word {
		case "plain":
		case "init":
			m.Init = true
		case "lib":
			m.Lib = true
		case "driven":
			m.Lib, m.Driven = true, true
		case "std":
			m.Std = true
		case "each":
			m.Each = true
		case "pairs":
			m.Each, m.Pairs = true, true
		default:
			return m, fmt.Errorf("unknown mode %q; known are %s", word, strings.Join(Modes(), ", "))
		}
	}
	return m, nil
}
