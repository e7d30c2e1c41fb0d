package page

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Schema describes the variables of a page.
type Schema struct {
	Name    string // an identifier of C: the prefix of all symbols
	Version string // of the newest variable, such as 1.2
	Vars    []Var  // in the order of the layout
}

// A Var is one variable.
type Var struct {
	Name    string // an identifier
	Type    string // as in [ParseType]
	Version string // the version of the schema in which it got this type
}

// A Type is the type of a variable.
type Type struct {
	Elem  string // bool, int8 to uint64, float32, float64; string
	Len   int    // of an array; the capacity of a string
	Array bool
}

// maxSize bounds a page's variables, in bytes.
const maxSize = 1 << 20

// ParseType reads a type: a scalar such as uint64 or bool, an array of scalars
// such as [4]int32, or string[64], a string of at most 64 bytes.
func ParseType(s string) (Type, error) {
	t := Type{Elem: s}
	if rest, ok := strings.CutPrefix(s, "["); ok {
		n, elem, _ := strings.Cut(rest, "]")
		t = Type{Elem: elem, Array: true}
		if scalar(elem) == 0 {
			return t, fmt.Errorf("page: unknown type %s", s)
		}
		return t, t.number(s, n)
	}
	if rest, ok := strings.CutPrefix(s, "string["); ok {
		n, ok := strings.CutSuffix(rest, "]")
		if !ok {
			return t, fmt.Errorf("page: unknown type %s", s)
		}
		t = Type{Elem: "string"}
		return t, t.number(s, n)
	}
	if scalar(s) == 0 {
		return t, fmt.Errorf("page: unknown type %s", s)
	}
	return t, nil
}

func (t *Type) number(s, n string) error {
	v, err := strconv.Atoi(n)
	if err != nil || v <= 0 || v > maxSize || strconv.Itoa(v) != n {
		return fmt.Errorf("page: unknown type %s", s)
	}
	t.Len = v
	return nil
}

// scalar returns the size of a scalar in bytes, 0 if there is no such type.
func scalar(elem string) int {
	switch elem {
	case "bool", "int8", "uint8":
		return 1
	case "int16", "uint16":
		return 2
	case "int32", "uint32", "float32":
		return 4
	case "int64", "uint64", "float64":
		return 8
	}
	return 0
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

// Size returns the size in bytes, as the symbol has it.
func (t Type) Size() int {
	switch {
	case t.Elem == "string":
		return roundUp(t.Len+1, 8) + 8
	case t.Array:
		return t.Len * scalar(t.Elem)
	}
	return scalar(t.Elem)
}

// Words returns the number of 8-byte words that the variable takes.
func (t Type) Words() int { return roundUp(t.Size(), 8) / 8 }

// OneWord reports whether the variable is read by one load.
func (t Type) OneWord() bool { return t.Elem != "string" && !t.Array }

// A Slot is the place of a variable among a page's values.
type Slot struct {
	Var
	Kind   Type
	Offset int // in bytes, a multiple of 8
}

// Layout returns the places of the variables, and their size in bytes together.
func (s Schema) Layout() (slots []Slot, size int, err error) {
	if !identifier(s.Name) || strings.Contains(s.Name, "__") {
		return nil, 0, fmt.Errorf("page: bad name %q", s.Name)
	}
	seen := map[string]bool{}
	for _, v := range s.Vars {
		t, err := ParseType(v.Type)
		if err != nil {
			return nil, 0, fmt.Errorf("%w of %s", err, v.Name)
		}
		if !identifier(v.Name) || seen[v.Name] || v.Name[0] == '_' {
			return nil, 0, fmt.Errorf("page: bad or repeated variable name %q", v.Name)
		}
		if CompareVersions(v.Version, s.Version) > 0 || !goodVersion(v.Version) {
			return nil, 0, fmt.Errorf("page: %s has version %q, the page %q", v.Name, v.Version, s.Version)
		}
		seen[v.Name] = true
		slots = append(slots, Slot{Var: v, Kind: t, Offset: size})
		if size += t.Words() * 8; size > maxSize {
			return nil, 0, fmt.Errorf("page: more than %d bytes of variables", maxSize)
		}
	}
	if !goodVersion(s.Version) {
		return nil, 0, fmt.Errorf("page: bad version %q", s.Version)
	}
	if len(slots) == 0 {
		return nil, 0, errors.New("page: no variables")
	}
	return slots, size, nil
}

func identifier(s string) bool {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

func goodVersion(v string) bool {
	for part := range strings.SplitSeq(v, ".") {
		if n, err := strconv.ParseUint(part, 10, 16); err != nil || strconv.FormatUint(n, 10) != part {
			return false
		}
	}
	return true
}

// CompareVersions compares two versions, such as 1.2 and 1.10, by their
// numbers. It returns -1, 0 or 1.
func CompareVersions(a, b string) int {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		m, _ := strconv.Atoi(x)
		n, _ := strconv.Atoi(y)
		if m != n {
			if m < n {
				return -1
			}
			return 1
		}
	}
	return 0
}

// ABI returns the text that describes the schema: a line "page NAME VERSION",
// and for each variable a line "NAME TYPE VERSION" in the order of the layout.
func (s Schema) ABI() string {
	var b strings.Builder
	fmt.Fprintf(&b, "page %s %s\n", s.Name, s.Version)
	for _, v := range s.Vars {
		fmt.Fprintf(&b, "%s %s %s\n", v.Name, v.Type, v.Version)
	}
	return b.String()
}

// ParseABI reads what [Schema.ABI] returns. It skips empty lines and those that
// begin with #.
func ParseABI(text string) (Schema, error) {
	var s Schema
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case len(words) != 3:
			return s, fmt.Errorf("page: bad line %.80q", line)
		case s.Name == "":
			if words[0] != "page" {
				return s, fmt.Errorf("page: first line %.80q: want page NAME VERSION", line)
			}
			s.Name, s.Version = words[1], words[2]
		default:
			s.Vars = append(s.Vars, Var{Name: words[0], Type: words[1], Version: words[2]})
		}
	}
	if _, _, err := s.Layout(); err != nil {
		return s, err
	}
	return s, nil
}
