// Package goflags reads the go command's command lines: which words are flags,
// which take the next word as their value, and where packages begin and end. It
// knows the flags of build, run and test, and changes nothing: a [Line] gives
// back the words in the order in which they came.
package goflags

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/internal/nearest"
)

// A Kind says what a word of a command line is.
type Kind int

const (
	Flag    Kind = iota // a flag of the go command (with its value, if that is a word of its own)
	Package             // a package pattern or a Go file
	Rest                // for the program or the test binary
)

// A Word is one flag, package or argument.
type Word struct {
	Kind  Kind
	Raw   []string // as it was written
	Name  string   // of a flag, without dashes
	Value string   // of a flag; "true" for a boolean one without a value
}

// A Line is a command line without its verb.
type Line []Word

// ErrHelp is the error for -h and -help.
var ErrHelp = errors.New("help requested")

// Parse reads the arguments of go build, go run or go test. The flags of extra
// are known in addition, and come before the go command's own of the same name;
// the map's value says whether a flag is boolean.
func Parse(verb string, args []string, extra map[string]bool) (Line, error) {
	p := parser{verb: verb, extra: extra}
	if verb == "test" {
		return p.test(args)
	}
	var line Line
	for len(args) > 0 {
		w, rest, err := p.one(args)
		if err != nil {
			return nil, err
		}
		if w.Kind != Flag {
			if args[0] == "--" {
				args = args[1:]
			}
			break
		}
		line, args = append(line, w), rest
	}
	n := len(args) // packages among args
	if verb == "run" {
		n = 0
		for n < len(args) && strings.HasSuffix(args[n], ".go") {
			n++
		}
		if n == 0 && len(args) > 0 {
			n = 1
		}
	}
	for i, a := range args {
		kind := Package
		if i >= n {
			kind = Rest
		}
		line = append(line, Word{Kind: kind, Raw: []string{a}})
	}
	return line, nil
}

// Env reads the value of GOFLAGS.
func Env(goflags string) Line {
	words, err := Split(goflags)
	if err != nil {
		return nil // the go command reports it
	}
	return Words(words)
}

// Words reads flags written one after the other, as they may stand before any
// verb's arguments. What is not a known flag is taken as one without a value.
func Words(words []string) Line {
	p := parser{verb: "test"}
	var line Line
	for len(words) > 0 {
		w, rest, err := p.one(words)
		if err != nil || w.Kind != Flag {
			name, value, _ := strings.Cut(strings.TrimLeft(words[0], "-"), "=")
			w, rest = Word{Raw: words[:1], Name: name, Value: value}, words[1:]
		}
		line, words = append(line, w), rest
	}
	return line
}

// Last returns the value of the last flag of a name.
func (l Line) Last(name string) (string, bool) {
	for _, w := range slices.Backward(l) {
		if w.Kind == Flag && w.Name == name {
			return w.Value, true
		}
	}
	return "", false
}

// Bool reports whether the last flag of a name is there and true.
func (l Line) Bool(name string) bool {
	v, _ := l.Last(name)
	b, _ := strconv.ParseBool(v)
	return b
}

// All returns the values of all flags of a name.
func (l Line) All(name string) []string {
	var all []string
	for _, w := range l {
		if w.Kind == Flag && w.Name == name {
			all = append(all, w.Value)
		}
	}
	return all
}

// Without returns the line without the flags of some names.
func (l Line) Without(names ...string) Line {
	return slices.DeleteFunc(slices.Clone(l), func(w Word) bool {
		return w.Kind == Flag && slices.Contains(names, w.Name)
	})
}

// Only returns the words of some kinds.
func (l Line) Only(kinds ...Kind) Line {
	return slices.DeleteFunc(slices.Clone(l), func(w Word) bool { return !slices.Contains(kinds, w.Kind) })
}

// Strings returns the words as they were written.
func (l Line) Strings() []string {
	var s []string
	for _, w := range l {
		s = append(s, w.Raw...)
	}
	return s
}

type parser struct {
	verb  string
	extra map[string]bool
}

// one reads the first word. The error [undefinedError] is for a flag that the
// verb does not have.
func (p parser) one(args []string) (w Word, rest []string, err error) {
	arg := args[0]
	if len(arg) < 2 || arg[0] != '-' || arg == "--" {
		return Word{Kind: Rest, Raw: args[:1]}, args[1:], nil
	}
	name := strings.TrimPrefix(arg[1:], "-")
	if name == "" || name[0] == '-' || name[0] == '=' {
		return w, nil, fmt.Errorf("bad flag syntax: %s", arg)
	}
	name, value, hasValue := strings.Cut(name, "=")
	boolean, known := p.lookup(name)
	switch {
	case !known && (name == "h" || name == "help"):
		return w, nil, ErrHelp
	case !known:
		return w, nil, undefinedError{name, hasValue, nearest.Hint(name, p.names())}
	case hasValue:
		return Word{Flag, args[:1], name, value}, args[1:], nil
	case boolean:
		return Word{Flag, args[:1], name, "true"}, args[1:], nil
	case len(args) == 1:
		return w, nil, fmt.Errorf("flag needs an argument: -%s", name)
	}
	return Word{Flag, args[:2], name, args[1]}, args[2:], nil
}

// test reads the arguments of go test as its own reader
// (cmd/go/internal/test.testFlags) does: flags may stand before and after the
// packages, and what is unknown goes to the test binary.
func (p parser) test(args []string) (Line, error) {
	var line Line
	inList, sawList, maybeValue := false, false, false
	rest := func(args ...string) {
		for _, a := range args {
			line = append(line, Word{Kind: Rest, Raw: []string{a}})
		}
	}
	for len(args) > 0 {
		w, next, err := p.one(args)
		wasMaybeValue := maybeValue
		maybeValue = false
		var undefined undefinedError
		switch {
		case errors.As(err, &undefined):
			inList, sawList = false, true
			if undefined.name == "args" {
				rest(args...)
				return line, nil
			}
			maybeValue = !undefined.hasValue
			rest(args[0])
			next = args[1:]
		case err != nil:
			return nil, err
		case w.Kind == Flag:
			inList = false
			line = append(line, w)
		case args[0] == "--", sawList && !inList && !wasMaybeValue:
			rest(args...)
			return line, nil
		case sawList && !inList:
			rest(args[0])
		default:
			inList, sawList = true, true
			w.Kind = Package
			line = append(line, w)
		}
		args = next
	}
	return line, nil
}

type undefinedError struct {
	name     string
	hasValue bool
	hint     string // a flag that may be meant
}

func (e undefinedError) Error() string { return "flag provided but not defined: -" + e.name + e.hint }

// Build returns the flags that are go build's as well.
func (l Line) Build() Line {
	p := parser{verb: "build"}
	return slices.DeleteFunc(slices.Clone(l), func(w Word) bool {
		_, known := p.lookup(w.Name)
		return w.Kind != Flag || !known
	})
}
