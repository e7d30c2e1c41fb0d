package flow

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

//go:embed words.txt
var wordsText string

// An Effect is one thing that a function does with its arguments; see words.txt.
type Effect struct {
	Verb    string
	Arg     int    // which argument, the receiver being 0; -1 for all
	From    string // for ret: "any" or "pool" in place of an argument
	Content bool   // not the argument but what it leads to; for call, not Value but that
	With    bool   // there is a Value
	Value   int    // for store and call: which argument is stored, or given
}

// A Word says what a function does whose body cannot be read.
type Word struct {
	Key     string
	Effects []Effect
	World   bool // its results depend on the world outside of the program, or it acts on that
	Reason  string

	as       string // for an interface's method: the type whose method's body is to be read besides
	bodyless bool   // it speaks of functions without body alone
	unheard  bool   // nobody has said anything about the function
	read     bool   // it says that the body is to be read
}

// Words are the words about functions, by name and by prefix.
type Words struct {
	exact    map[string]*Word
	prefixes []*Word
}

// ReadWords reads the words that come with this package.
func ReadWords() (*Words, error) { return parseWords(wordsText) }

func parseWords(text string) (*Words, error) {
	w := &Words{exact: map[string]*Word{}}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		rule, reason, ok := strings.Cut(line, " # ")
		if !ok {
			return nil, fmt.Errorf("words.txt:%d: no reason", i+1)
		}
		fields := strings.Fields(rule)
		word := &Word{Key: fields[0], Reason: strings.TrimSpace(reason)}
		for _, f := range fields[1:] {
			if f == "reads" {
				continue
			}
			if f == "world" {
				word.World = true
				continue
			}
			if f == "asm" {
				word.bodyless = true
				continue
			}
			if f == "body" {
				word.read = true
				continue
			}
			if name, ok := strings.CutPrefix(f, "as="); ok {
				word.as = name
				continue
			}
			x, err := parseEffect(f)
			if err != nil {
				return nil, fmt.Errorf("words.txt:%d: %w", i+1, err)
			}
			word.Effects = append(word.Effects, x)
		}
		if prefix, ok := strings.CutSuffix(word.Key, "*"); ok {
			word.Key = prefix
			w.prefixes = append(w.prefixes, word)
		} else {
			w.exact[word.Key] = word
		}
	}
	return w, nil
}

func parseEffect(s string) (Effect, error) {
	verb, arg, _ := strings.Cut(s, "=")
	x := Effect{Verb: verb, Arg: -1}
	switch verb {
	case "ret", "write", "store", "unknown", "call", "expose", "set", "pool", "methods", "bound", "new", "copy", "parts", "promoted", "pointer", "type", "assert", "do", "asks", "make", "keys", "put", "replace", "itself", "mapped", "channelled", "listed", "retype", "like", "converts", "seen", "of", "behind", "moved", "spans":
	default:
		return x, fmt.Errorf("unknown effect %q", s)
	}
	if value, target, ok := strings.Cut(arg, ">"); ok {
		x.Content = strings.HasPrefix(value, "*")
		x.With = true
		value = strings.TrimPrefix(value, "*")
		n, err := strconv.Atoi(value)
		if err != nil {
			return x, fmt.Errorf("%q: %w", s, err)
		}
		x.Value, arg = n, target
	}
	if verb == "ret" && (arg == "any" || arg == "pool") || verb == "methods" && arg == "any" {
		x.From = arg
		return x, nil
	}
	if rest, ok := strings.CutPrefix(arg, "*"); ok && rest != "" {
		x.Content, arg = true, rest
	}
	if arg == "all" {
		return x, nil
	}
	n, err := strconv.Atoi(arg)
	x.Arg = n
	if err != nil {
		return x, fmt.Errorf("%q: %w", s, err)
	}
	return x, nil
}

// lookup returns the word about a function: its own, or the one for the longest prefix of its name.
func (w *Words) lookup(fn *ssa.Function) *Word {
	if w == nil {
		return nil
	}
	if fn.Synthetic != "" && fn.Pkg == nil && fn.Origin() == nil { // a wrapper has other arguments, and a body that shows them
		return nil
	}
	name := fn.String()
	if o := fn.Origin(); o != nil {
		name = o.String()
	}
	if strings.HasPrefix(fn.Name(), "_cgo") || strings.HasPrefix(fn.Name(), "_Cgo") {
		name = "C." + fn.Name()
	}
	if fn.Parent() != nil { // literals are read with the function that they stand in
		return nil
	}
	return w.find(name, func() bool {
		decl, ok := fn.Syntax().(*ast.FuncDecl)
		return ok && decl.Body == nil
	})
}

// assumed returns the word about a function of which only the type is known, taken to have no Go body if there is a
// word for such.
func (w *Words) assumed(fn *ssa.Function) *Word {
	if w == nil || fn.Parent() != nil {
		return nil
	}
	return w.find(fn.String(), func() bool { return true })
}

// method returns the word about calls of an interface's method.
func (w *Words) method(m *types.Func) *Word {
	if w == nil {
		return nil
	}
	return w.find(m.FullName(), func() bool { return false })
}

func (w *Words) find(name string, bodyless func() bool) *Word {
	if word := w.exact[name]; word != nil && (!word.bodyless || bodyless()) {
		if word.read {
			return nil
		}
		return word
	}
	var best *Word
	for _, p := range w.prefixes {
		if strings.HasPrefix(name, p.Key) && (best == nil || len(p.Key) > len(best.Key)) && (!p.bodyless || bodyless()) {
			best = p
		}
	}
	return best
}

// says reports whether a word has an effect of a kind.
func (w *Word) says(verb string) bool {
	return slices.ContainsFunc(w.Effects, func(x Effect) bool { return x.Verb == verb })
}

// Channels reports whether the function sends, receives, or closes channels.
func (w *Word) Channels() bool { return w.says("channelled") || w.says("unknown") }

// Reflects reports whether the word is about a function of package reflect, or of its little sister.
func (w *Word) Reflects() bool {
	if w == nil {
		return false
	}
	key := strings.TrimLeft(w.Key, "(*")
	return strings.HasPrefix(key, "reflect.") || strings.HasPrefix(key, "internal/reflectlite.")
}

// unknownWord is about a function that has neither body nor word.
func unknownWord(fn *ssa.Function) *Word {
	return &Word{
		Key:     fn.String(),
		Effects: []Effect{{Verb: "unknown", Arg: -1}, {Verb: "ret", Arg: -1, From: "any"}},
		World:   true,
		Reason:  "its body is not Go",
		unheard: true,
	}
}

// owns reports whether a type belongs to the package that the word is about: values of such a type may lead to
// others in ways that the type does not show.
func (w *Word) owns(id TypeID, p *Program) bool {
	t := p.TypeOf(id)
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && strings.HasPrefix(strings.TrimLeft(w.Key, "(*"), named.Obj().Pkg().Path()+".")
}
