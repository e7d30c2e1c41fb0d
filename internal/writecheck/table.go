package writecheck

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The layout that _overlay/watch.go has the other end of.
const (
	magic  = 0x31656d6167697676
	header = 16 // words
	depth  = 12

	maxObjects = 1 << 20
	maxEdges   = 1 << 23
	maxHits    = 1 << 17 // a power of two
)

// A symbol is one of the program's writable data.
type symbol struct {
	Addr, Size uint64
	Root       uint64 // 1 if it is a variable that is watched
	name       string
}

// A table is what the program is told to watch.
type table struct {
	symbols []symbol     // by address
	vars    map[Name]int // those that are in the program, to indexes of symbols
	file    string
}

// newTable looks the variables up in the binary and writes the table that the
// program reads when it starts. The package that the binary's main package is
// known by is given too.
func newTable(binary, file, main string, vars []Name) (*table, error) {
	f, err := elf.Open(binary)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s was not built: the package has no tests", filepath.Base(binary))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w; programs can be checked on Linux only", binary, err)
	}
	defer f.Close()
	all, err := f.Symbols()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", binary, err)
	}
	t := &table{vars: map[Name]int{}, file: file}
	known := map[string]uint64{}
	for _, s := range all {
		switch s.Name {
		case "runtime.wcStart", "runtime.wcStart.abi0", "runtime.edata", "runtime.enoptrbss":
			known[s.Name] = s.Value
		}
		if s.Size == 0 || elf.ST_TYPE(s.Info) != elf.STT_OBJECT || int(s.Section) >= len(f.Sections) {
			continue
		}
		if sect := f.Sections[s.Section]; sect.Flags&elf.SHF_WRITE == 0 || sect.Flags&elf.SHF_TLS != 0 {
			continue
		}
		t.symbols = append(t.symbols, symbol{Addr: s.Value, Size: s.Size, name: s.Name})
	}
	slices.SortFunc(t.symbols, func(a, b symbol) int {
		if a.Addr != b.Addr {
			return int(int64(a.Addr) - int64(b.Addr))
		}
		return int(int64(b.Size) - int64(a.Size))
	})
	t.symbols = slices.CompactFunc(t.symbols, func(a, b symbol) bool { return a.Addr == b.Addr })
	byName := map[string]int{}
	for i, s := range t.symbols {
		byName[s.name] = i
	}
	for _, v := range vars {
		i, ok := byName[symbolName(v)]
		if !ok && v.Package == main {
			i, ok = byName["main."+v.Name]
		}
		if ok {
			t.vars[v] = i
			t.symbols[i].Root = 1
		}
	}
	if known["runtime.wcStart"] == 0 {
		return nil, errors.New(binary + ": not built to be checked")
	}
	return t, t.write(known)
}

func (t *table) write(known map[string]uint64) error {
	head := [header]uint64{
		magic, known["runtime.wcStart"], known["runtime.edata"], known["runtime.enoptrbss"],
		uint64(len(t.symbols)), maxObjects, maxEdges, maxHits,
	}
	var b bytes.Buffer
	put := func(words ...uint64) {
		for _, w := range words {
			b.Write(binary.NativeEndian.AppendUint64(nil, w))
		}
	}
	put(head[:]...)
	for _, s := range t.symbols {
		put(s.Addr, s.Size, s.Root)
	}
	return os.WriteFile(t.file, b.Bytes(), 0o666)
}

// symbolName is what the linker calls a variable: dots in the last element of
// the import path are escaped, and so is what cannot stand in a symbol table.
func symbolName(v Name) string {
	slash := strings.LastIndex(v.Package, "/")
	var b strings.Builder
	for i := range len(v.Package) {
		c := v.Package[i]
		if c <= ' ' || c == '.' && i > slash || c == '%' || c == '"' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String() + "." + v.Name
}
