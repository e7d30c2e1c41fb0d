package identity

import (
	"bytes"
	"debug/elf"
	"fmt"
	"slices"
)

// native says what of a C compiler's object a program will have: sections,
// symbols, and what these refer to, by names. What is for debuggers is left
// out, as in Go objects: its strings are sorted by hashes of cgo's names. Of
// objects that are not ELF all is taken.
func native(data []byte) []byte {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return cgoNames.ReplaceAll(data, []byte(unhashedCgo))
	}
	symbols, _ := f.Symbols() // without any there is an error too
	var out bytes.Buffer
	name := func(i uint64) string {
		if i == 0 || i > uint64(len(symbols)) {
			return ""
		}
		s := symbols[i-1]
		if s.Name == "" && int(s.Section) < len(f.Sections) {
			return f.Sections[s.Section].Name
		}
		return unhashed(s.Name)
	}
	for _, s := range f.Sections {
		loaded := s.Flags&elf.SHF_ALLOC != 0
		if s.Type == elf.SHT_RELA && int(s.Info) < len(f.Sections) {
			loaded = f.Sections[s.Info].Flags&elf.SHF_ALLOC != 0
		}
		if !loaded {
			continue
		}
		fmt.Fprintln(&out, s.Name, s.Type, s.Flags, s.Size, s.Addralign)
		if s.Type == elf.SHT_NOBITS {
			continue
		}
		content, err := s.Data()
		if err != nil {
			return data
		}
		if s.Type == elf.SHT_RELA && f.Class == elf.ELFCLASS64 {
			for ; len(content) >= 24; content = content[24:] {
				info := f.ByteOrder.Uint64(content[8:])
				fmt.Fprintln(&out, f.ByteOrder.Uint64(content), uint32(info), name(info>>32), int64(f.ByteOrder.Uint64(content[16:])))
			}
			continue
		}
		out.Write(content)
	}
	var lines []string
	for i, s := range symbols {
		if s.Name != "" {
			lines = append(lines, fmt.Sprintln(name(uint64(i+1)), s.Info, s.Other, s.Section, s.Value, s.Size))
		}
	}
	slices.Sort(lines)
	for _, l := range lines {
		out.WriteString(l)
	}
	return out.Bytes()
}
