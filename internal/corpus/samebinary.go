package corpus

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A Size is what adoption does to a plain binary.
type Size struct {
	Before, After int      // bytes of the file
	Files, Longer int      // how many have the constraint, and how many are longer by it
	Differ        []string // sections that differ, apart from those for debuggers
	Moved         bool     // the line table grew over a page's end: what is behind it has other addresses
}

// String spells the sizes in one line.
func (s Size) String() string {
	moved := ""
	if s.Moved {
		moved = ", and what is behind the line table has moved by a page"
	}
	return fmt.Sprintf("%d bytes, and %d with constraints in %d files, %d of them longer by it;"+
		" with the lines' old numbers all that is loaded keeps its bytes; with the new ones all but %s%s",
		s.Before, s.After, s.Files, s.Longer, strings.Join(s.Differ, ", "), moved)
}

// size builds the program with the adopted module, and compares the binary with
// that of before. Accessors are in the module, and not in the binary.
//
// The lines below a new constraint have other numbers, and these are data:
// runtime.Caller returns them. So the two are not the same to the byte. What
// must hold, or it is an error:
//
//   - no section differs but the line table (.gopclntab), what says where it is
//     and ends (.go.module, .dynamic), symbols' addresses behind it, and what
//     is for debuggers;
//   - when the lines are given their old numbers, and files with accessors,
//     whose names are in the line table, are emptied, all that is loaded is the
//     same to the byte, the line table too. Sections for debuggers are left out
//     there too: a directive begins a new base of positions, which moves some
//     marks of where statements begin (in glog, dns and memberlist, 8 to 24
//     bytes).
func (a *adopter) size(binary []byte, before, after map[string]string) (s Size, err error) {
	adopted, err := a.build()
	if err != nil {
		return s, err
	}
	for name, text := range after {
		path := filepath.Join(a.dir, name)
		old, ok := before[name]
		given := renumbered(old, text)
		switch {
		case !ok && strings.HasPrefix(filepath.Base(name), accessors):
			given = "package " + packageClause.FindStringSubmatch(text)[1] + "\n"
		case !ok || old == text || filepath.Ext(name) != ".go":
			continue
		case given == text:
			s.Files++
			continue
		default:
			s.Files, s.Longer = s.Files+1, s.Longer+1
		}
		if err := os.WriteFile(path, []byte(given), 0o666); err != nil {
			return s, err
		}
		defer func() { err = errors.Join(err, os.WriteFile(path, []byte(text), 0o666)) }()
	}
	if s.Files == 0 {
		return s, errors.New("no file has the constraint")
	}
	given, err := a.build()
	if err != nil {
		return s, err
	}
	if name, err := symbol(adopted, a.m.Path, ".V_"); err != nil || name != "" {
		return s, errors.Join(err, fmt.Errorf("the plain binary has %q", name))
	}
	s.Before, s.After = len(binary), len(adopted)
	return s, s.judge(binary, adopted, given)
}

// accessors begins the names of files with the plain build's accessors.
const accessors = "zz_vnet_plain"

var packageClause = regexp.MustCompile(`(?m)^package (\w+)`)

// renumbered returns an adopted file's text with the line numbers that the file
// had before. A file without a name in its directive keeps the one that it has.
func renumbered(old, adopted string) string {
	was, is := strings.SplitAfter(old, "\n"), strings.SplitAfter(adopted, "\n")
	more := len(is) - len(was)
	if more <= 0 {
		return adopted
	}
	first := 0
	for first < len(was) && was[first] == is[first] {
		first++
	}
	return strings.Join(is[:first+more], "") + fmt.Sprintf("//line :%d:1\n", first+1) + strings.Join(is[first+more:], "")
}

// symbol returns the first symbol of a module's packages in a binary whose name
// has a part, "" if there is none.
func symbol(binary []byte, module, part string) (string, error) {
	f, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		return "", err
	}
	symbols, err := f.Symbols()
	if err != nil {
		return "", err
	}
	for _, s := range symbols {
		if strings.HasPrefix(s.Name, module) && strings.Contains(s.Name, part) {
			return s.Name, nil
		}
	}
	return "", nil
}

// judge compares three binaries: as it was, with constraints, and with these
// and the old numbers of lines.
func (s *Size) judge(before, after, given []byte) error {
	differ, _, err := sections(before, given)
	if err != nil {
		return err
	}
	if len(differ) > 0 {
		return fmt.Errorf("with the lines' old numbers %s differs: it is not numbers alone", strings.Join(differ, ", "))
	}
	s.Differ, s.Moved, err = sections(before, after)
	if err != nil || s.Moved {
		return err
	}
	for _, name := range s.Differ {
		switch name {
		case ".gopclntab", ".go.module", ".dynamic", ".symtab":
		default:
			return fmt.Errorf("section %s differs", name)
		}
	}
	return nil
}

// sections names those that differ, apart from those for debuggers, and says
// whether any with the program's data has moved.
func sections(a, b []byte) (differ []string, moved bool, err error) {
	f, err := elf.NewFile(bytes.NewReader(a))
	if err != nil {
		return nil, false, err
	}
	g, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		return nil, false, err
	}
	if len(f.Sections) != len(g.Sections) {
		return nil, false, fmt.Errorf("%d sections and %d", len(f.Sections), len(g.Sections))
	}
	for i, s := range f.Sections {
		moved = moved || s.Flags&elf.SHF_WRITE != 0 && s.Addr != g.Sections[i].Addr
	}
	var table [2]uint64 // where the line table begins, and what is written while the program runs
	size := uint64(0)
	for i, s := range f.Sections {
		t := g.Sections[i]
		if s.Name != t.Name {
			return nil, false, fmt.Errorf("sections %s and %s", s.Name, t.Name)
		}
		switch {
		case s.Name == ".gopclntab":
			table[0], size = s.Addr, max(s.Size, t.Size)
		case s.Flags&elf.SHF_WRITE != 0 && table[1] == 0 && table[0] != 0:
			table[1] = s.Addr
		}
		if strings.HasPrefix(s.Name, ".debug_") {
			continue
		}
		same := s.Type == t.Type && s.Flags == t.Flags && s.Size == t.Size
		if same && s.Type != elf.SHT_NOBITS {
			x, err := s.Data()
			if err != nil {
				return nil, false, err
			}
			y, err := t.Data()
			if err != nil {
				return nil, false, err
			}
			same = bytes.Equal(x, y)
			if !same && !moved && (s.Name == ".go.module" || s.Name == ".dynamic") && !places(x, y, table, size) {
				return nil, false, fmt.Errorf("section %s differs in more than where tables of lines lie", s.Name)
			}
		}
		if !same {
			differ = append(differ, s.Name)
		}
	}
	return differ, moved, nil
}

// places reports whether words differ only where both are places in the line
// table, or behind it in what is only read, or lengths of its parts.
func places(a, b []byte, table [2]uint64, size uint64) bool {
	for i := 0; i+8 <= len(a); i += 8 {
		x, y := binary.LittleEndian.Uint64(a[i:]), binary.LittleEndian.Uint64(b[i:])
		place := min(x, y) >= table[0] && max(x, y) < table[1]
		if x != y && !place && max(x, y) > size {
			return false
		}
	}
	return true
}
