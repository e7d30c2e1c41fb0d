package identity

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// A verdict is what comparing two symbols comes to.
type verdict int

const (
	identical verdict = iota
	addresses
	different
)

// a key names a symbol in a package's objects.
type key struct {
	name string
	abi  uint16
}

// A unit is a package's objects on one side.
type unit struct {
	pkg     *listed
	prefix  string // of the names of its symbols, with the dot
	symbols map[key]*objfile.Symbol
	native  map[string][]byte
	hashes  map[*objfile.Symbol]string
	renamed map[string]string // names that this side's symbols go by when they are compared
}

func readUnit(l *listed) (*unit, error) {
	u := &unit{
		pkg: l, prefix: symbolPrefix(l), symbols: map[key]*objfile.Symbol{}, native: map[string][]byte{},
		hashes: map[*objfile.Symbol]string{}, renamed: map[string]string{},
	}
	members, err := objfile.Read(l.Export)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.ImportPath, err)
	}
	for i, m := range members {
		if m.Native != nil {
			u.native[m.Name] = native(m.Native)
			continue
		}
		for _, s := range m.Symbols {
			if s.Name == "" || s.Kind == 0 || s.Kind.IsDebug() || tables.MatchString(s.Name) {
				continue
			}
			s.Name = unhashed(s.Name)
			for i := range s.Relocs {
				s.Relocs[i].Sym = unhashed(s.Relocs[i].Sym)
			}
			k := key{s.Name, s.ABI}
			if s.ABI == static { // one of a file, by whatever name another file has one too
				k.name = fmt.Sprintf("%s<%d>", s.Name, i)
			}
			for n := 2; u.symbols[k] != nil; n++ {
				k.name = fmt.Sprintf("%s#%d", s.Name, n)
			}
			u.symbols[k] = s
		}
	}
	return u, nil
}

const static = 1<<16 - 1 // the ABI of a symbol of one file

var (
	// tables belong to functions and are compared with them.
	tables = regexp.MustCompile(`^gclocals·|^runtime\.gcbits\.|\.(arginfo\d+|argliveinfo|opendefer|stkobj|wrapinfo)$`)
	// cgoNames have a hash of the Go file's text in them.
	cgoNames = regexp.MustCompile(`_cgo(exp)?_[0-9a-f]{12}_`)
	// nameless are data that the compiler numbers, or names by what they hold:
	// they are compared where they are used.
	nameless = regexp.MustCompile(`\.\.(?:stmp_|typeAssert\.|interfaceSwitch\.)\d+$|\.\.gobytes\.\d+$|^go:string\.|^\$f\d|^\.\.(gobytes|stmp_)`)
	// closures of package-level initialisers are numbered through the package.
	closure = regexp.MustCompile(`^(init|glob\.|map\.init|vnet_\w*_init_\w+)\..`)
)

const unhashedCgo = "_cgo${1}_............_"

// unhashed leaves the hash out of one of cgo's names.
func unhashed(name string) string {
	if !strings.Contains(name, "_cgo") {
		return name
	}
	return cgoNames.ReplaceAllString(name, unhashedCgo)
}

// symbolPrefix is what stands before the variable's name in a symbol's.
func symbolPrefix(l *listed) string {
	if l.ForTest != "" { // tests import a main package by its path
		return objfile.Path(l.path()) + "."
	}
	return objfile.Prefix(l.path(), l.Name)
}

// A field is where a variable stands in the static build's struct.
type field struct {
	offset, size int64
}

// A pair compares two sides.
type pair struct {
	a, b   *unit
	names  map[string]string           // b's symbols of variables, by the name that they have in a
	fields map[string]map[string]field // b's structs -> a's variables in them

	revisions bool            // both sides are plain, and the right one is the later one
	added     map[string]bool // with revisions: accessors that b alone has, and the types that they need
	unused    map[string]bool // in a static build: what b alone has and a linker leaves out
}

// name returns the name by which a symbol of b's is known in a.
func (p *pair) name(b string) string {
	if a, ok := p.b.renamed[b]; ok {
		return a
	}
	if a, ok := p.names[b]; ok {
		return a
	}
	if base, ok := strings.CutSuffix(b, ".files"); ok && p.names[base] != "" { // an embedded file system's
		return p.names[base] + ".files"
	}
	if base, ok := strings.CutSuffix(b, "·f"); ok && p.b.renamed[base] != "" {
		return p.b.renamed[base] + "·f"
	}
	return b
}

// symbols compares two symbols by all that the linker will see of them.
func (p *pair) symbols(a, b *objfile.Symbol) (verdict, string) {
	switch {
	case a.Kind != b.Kind:
		return different, fmt.Sprintf("%s and %s", a.Kind, b.Kind)
	case a.Size != b.Size && !a.Kind.IsText():
		return different, fmt.Sprintf("%d and %d bytes", a.Size, b.Size)
	case !bytes.Equal(a.Data, b.Data):
		if a.Kind.IsText() {
			return different, "instructions"
		}
		return different, "content"
	case a.Flag != b.Flag || a.Flag2 != b.Flag2 || a.Align != b.Align:
		return different, "flags or alignment"
	case !bytes.Equal(a.Info, b.Info):
		return different, "frame"
	}
	v, why := p.relocs(a.Relocs, p.without(b.Relocs))
	if v == different {
		return v, why
	}
	if len(a.Tables) != len(b.Tables) {
		return different, "tables for the garbage collector"
	}
	for i := range a.Tables {
		w, _ := p.table(a.Tables[i], b.Tables[i])
		if v = max(v, w); v == different {
			return v, "tables for the garbage collector"
		}
	}
	return v, why
}

func (p *pair) table(a, b *objfile.Symbol) (verdict, string) {
	if !bytes.Equal(a.Data, b.Data) || a.Size != b.Size {
		return different, ""
	}
	return p.relocs(a.Relocs, b.Relocs)
}

func (p *pair) relocs(a, b []objfile.Reloc) (verdict, string) {
	if len(a) != len(b) {
		return different, "what it refers to"
	}
	v := identical
	for i, r := range a {
		w, why := p.reloc(r, b[i])
		if v = max(v, w); v == different {
			return v, why
		}
	}
	return v, ""
}

func (p *pair) reloc(a, b objfile.Reloc) (verdict, string) {
	if a.Off != b.Off || a.Size != b.Size || a.Type != b.Type {
		return different, "what it refers to"
	}
	if fields := p.fields[b.Sym]; fields != nil {
		f, ok := fields[a.Sym]
		if !ok || b.Add-a.Add != f.offset {
			return different, fmt.Sprintf("%s, and %s+%d", a.Sym, b.Sym, b.Add)
		}
		return addresses, ""
	}
	if a.Add != b.Add || a.ABI != b.ABI {
		return different, "where in " + a.Sym
	}
	if isNameless(a.Def) && isNameless(b.Def) {
		if p.a.hash(a.Def, nil, nil) == p.b.hash(b.Def, p, nil) {
			return identical, ""
		}
		return different, "content of " + spell(a.Def) + ", and " + spell(b.Def)
	}
	if a.Sym != p.name(b.Sym) {
		return different, fmt.Sprintf("%s, and %s", a.Sym, b.Sym)
	}
	return identical, ""
}

func isNameless(s *objfile.Symbol) bool { return s != nil && nameless.MatchString(s.Name) }

// spell tells of data without a name what can be told in one line.
func spell(s *objfile.Symbol) string {
	data := s.Data
	if len(data) > 40 {
		data = data[:40]
	}
	if strings.HasPrefix(s.Name, "go:string.") {
		return fmt.Sprintf("%q", data)
	}
	return fmt.Sprintf("static data %x", data)
}

// hash is of a symbol's content, and of that of the nameless ones that it
// refers to.
func (u *unit) hash(s *objfile.Symbol, p *pair, within []*objfile.Symbol) string {
	if h := u.hashes[s]; h != "" {
		return h
	}
	if slices.Contains(within, s) {
		return "itself"
	}
	within = append(within, s)
	h := sha256.New()
	data := bytes.TrimRight(s.Data, "\x00")
	fmt.Fprintln(h, s.Kind, s.Size, len(data))
	h.Write(data)
	for _, r := range s.Relocs {
		name, add := r.Sym, r.Add
		if isNameless(r.Def) {
			name = u.hash(r.Def, p, within)
		} else if p != nil {
			name = p.name(name)
			if fields := p.fields[r.Sym]; fields != nil {
				name, add = inField(fields, add)
			}
		}
		_ = binary.Write(h, binary.LittleEndian, []int64{int64(r.Off), int64(r.Size), int64(r.Type), add})
		fmt.Fprintln(h, name)
	}
	sum := fmt.Sprintf("%x", h.Sum(nil))
	u.hashes[s] = sum
	return sum
}

// inField names the variable that data refers to in the static build's struct.
func inField(fields map[string]field, add int64) (string, int64) {
	for name, f := range fields {
		if f.offset <= add && (add < f.offset+f.size || add == f.offset && f.size == 0) {
			return name, add - f.offset
		}
	}
	return "", add
}

// sortedKeys are a unit's symbols, by name.
func sortedKeys(m map[key]*objfile.Symbol) []key {
	var keys []key
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.abi, b.abi)) })
	return keys
}
