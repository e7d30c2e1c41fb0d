package corpus

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Size is what the constraints of committed builds do to a plain binary.
type Size struct {
	Before, After int      // bytes of the file
	Files, Longer int      // how many have the constraint, and how many are longer by it
	Differ        []string // sections that differ, apart from those for debuggers
	Moved         bool     // the line table grew over a page's end: what lies behind it has other addresses
}

// SameBinary builds the program isolation/NAME of a module as it is, and with what a committed build adds to
// the module's own packages: the constraint `!vimage` in every file, and a file with `//go:build vimage` beside it.
//
// The lines below a new constraint have other numbers, and these are data: runtime.Caller tells them. So the two are not
// the same to the byte. What must hold, or it is an error:
//
//   - no section differs but the line table (.gopclntab), what says where it lies and ends (.go.module, .dynamic), symbols'
//     addresses behind it, and what is for debuggers;
//   - when the lines are given their old numbers, all that is loaded is the same to the byte, the line table too: nothing
//     but numbers of lines differed. Sections for debuggers are left out there too: a directive begins a new base of positions,
//     which moves some marks of where statements begin (in glog, dns and memberlist, 8 to 24 bytes of the file).
func SameBinary(dir string, m Module) (*Size, error) {
	source, err := m.fetched()
	if err != nil {
		return nil, err
	}
	// One folder serves all builds: a binary names the one that stands for a module.
	module := filepath.Join(dir, "module-"+m.Name)
	s := new(Size)
	build := func(adopt, give bool) ([]byte, error) {
		flags, err := replaced(m, source, module)
		if err == nil && adopt {
			s.Files, s.Longer, err = constrainAll(module, give)
		}
		if err != nil {
			return nil, err
		}
		bin := filepath.Join(dir, "program-"+m.Name)
		args := append([]string{"build", "-trimpath", "-ldflags=-buildid=", "-o", bin}, flags...)
		if out, err := exec.Command("go", append(args, "./isolation/"+m.Name)...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%w\n%s", err, out)
		}
		return os.ReadFile(bin)
	}
	before, err := build(false, false)
	if err != nil {
		return nil, err
	}
	given, err := build(true, true)
	if err != nil {
		return nil, err
	}
	after, err := build(true, false)
	if err != nil {
		return nil, err
	}
	if s.Files == 0 {
		return nil, errors.New("no file was changed")
	}
	s.Before, s.After = len(before), len(after)
	return s, s.judge(before, after, given)
}

// judge compares three binaries: as it was, with constraints, and with these and the old numbers of lines.
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

// sections names those that differ, apart from those for debuggers, and says whether any with the program's data has moved.
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

// places reports whether words differ only where both are places in the line table, or behind it in what is only read, or
// lengths of its parts.
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

// replaced copies a module and returns the flags that put the copy in its place.
func replaced(m Module, from, to string) ([]string, error) {
	if err := os.RemoveAll(to); err != nil {
		return nil, err
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return nil, err
	}
	// The module cache is read-only.
	if err := filepath.WalkDir(to, func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Chmod(path, 0o755))
	}); err != nil {
		return nil, err
	}
	gomod, err := os.ReadFile("go.mod")
	if err != nil {
		return nil, err
	}
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		return nil, err
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	text := strings.ReplaceAll(string(gomod), "=> ../..", "=> "+root) + fmt.Sprintf("\nreplace %s => %s\n", m.Path, to)
	return []string{"-modfile=" + to + ".mod"}, errors.Join(
		os.WriteFile(to+".mod", []byte(text), 0o666), os.WriteFile(to+".sum", sum, 0o666))
}
