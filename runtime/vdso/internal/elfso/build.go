package elfso

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
)

// A Symbol is a variable in the data.
type Symbol struct {
	Name    string
	Version string // a version node
	Offset  int    // [Build]: in the data; [Parse]: in the file
	Size    int    // in bytes
}

// An Object is what a shared object is made of.
type Object struct {
	Soname   string
	Versions []string // version nodes, oldest first
	Symbols  []Symbol
	Data     []byte // initial contents
}

// Values of the ELF specification and of its GNU extensions.
const (
	headerSize  = 64
	programSize = 56
	sectionSize = 64
	symbolSize  = 24
	dynamicSize = 16
	verdefSize  = 20
	verdauxSize = 8

	typeLoad     = 1
	typeDynamic  = 2
	typeGNUStack = 0x6474e551

	flagWrite = 2
	flagRead  = 4

	tagNull      = 0
	tagHash      = 4
	tagStrtab    = 5
	tagSymtab    = 6
	tagStrsz     = 10
	tagSyment    = 11
	tagSoname    = 14
	tagGNUHash   = 0x6ffffef5
	tagVersym    = 0x6ffffff0
	tagVerdef    = 0x6ffffffc
	tagVerdefnum = 0x6ffffffd

	globalObject = 1<<4 | 1
	protected    = 3
)

// machine returns the ELF number of the machine and its largest page size.
func machine() (number uint16, page int) {
	switch runtime.GOARCH {
	case "amd64":
		return 62, 4096
	case "arm64":
		return 183, 65536
	case "386":
		return 3, 4096
	case "arm":
		return 40, 65536
	case "riscv64":
		return 243, 4096
	case "loong64":
		return 258, 65536
	case "ppc64", "ppc64le":
		return 21, 65536
	case "s390x":
		return 22, 4096
	case "mips64", "mips64le":
		return 8, 65536
	}
	return 0, 65536
}

// A section is a part of the file with a header of its own.
type section struct {
	name        string
	kind, flags uint32
	data        []byte
	align       int
	link, info  uint32
	entry       int

	offset int // set by layout
}

// A stringTable is a string table under construction.
type stringTable struct {
	data []byte
	at   map[string]uint32
}

func newStringTable() *stringTable {
	return &stringTable{data: []byte{0}, at: map[string]uint32{"": 0}}
}

func (t *stringTable) add(s string) uint32 {
	if at, ok := t.at[s]; ok {
		return at
	}
	at := uint32(len(t.data))
	t.data = append(append(t.data, s...), 0)
	t.at[s] = at
	return at
}

// Section numbers, as other sections refer to them.
const (
	numHash = iota + 1
	numGNUHash
	numDynsym
	numDynstr
	numVersym
	numVerdef
	numPage
	numDynamic
	numShstrtab
	numSections
)

// Build returns the bytes of the object and the offset of its data in them.
func Build(o Object) (file []byte, data int, err error) {
	if err := o.check(); err != nil {
		return nil, 0, err
	}
	number, page := machine()
	names := newStringTable()
	soname := names.add(o.Soname)
	sections := []section{
		numHash:    {name: ".hash", kind: 5, flags: 2, data: o.hash(), align: 8, link: numDynsym, entry: 4},
		numGNUHash: {name: ".gnu.hash", kind: 0x6ffffff6, flags: 2, data: o.gnuHash(), align: 8, link: numDynsym},
		numDynsym:  {name: ".dynsym", kind: 11, flags: 2, align: 8, link: numDynstr, info: 1, entry: symbolSize},
		numDynstr:  {name: ".dynstr", kind: 3, flags: 2, align: 1},
		numVersym: {
			name: ".gnu.version", kind: 0x6fffffff, flags: 2, data: o.versym(), align: 2,
			link: numDynsym, entry: 2,
		},
		numVerdef: {
			name: ".gnu.version_d", kind: 0x6ffffffd, flags: 2, data: o.verdef(names), align: 8,
			link: numDynstr, info: uint32(len(o.Versions) + 1),
		},
		numPage: {name: ".page", kind: 1, flags: 2, data: o.Data, align: page},
		numDynamic: {
			name: ".dynamic", kind: 6, flags: 3, data: make([]byte, 11*dynamicSize), align: page,
			link: numDynstr, entry: dynamicSize,
		},
		numShstrtab: {name: ".shstrtab", kind: 3, align: 1},
	}
	for _, s := range o.Symbols {
		names.add(s.Name)
	}
	sections[numDynsym].data = make([]byte, (len(o.Symbols)+1)*symbolSize)
	sections[numDynstr].data = names.data
	labels := newStringTable()
	for i := range sections {
		labels.add(sections[i].name)
	}
	sections[numShstrtab].data = labels.data

	end := headerSize + 5*programSize
	for i := range sections[1:] {
		s := &sections[i+1]
		end = (end + s.align - 1) / s.align * s.align
		s.offset = end
		end += len(s.data)
	}
	// The data takes whole pages, so that no other part is mapped with it.
	headers := (end + 7) &^ 7
	sections[numDynsym].data = o.dynsym(names, sections[numPage].offset)
	sections[numDynamic].data = dynamic(sections, soname, len(o.Versions)+1)

	file = make([]byte, headers+numSections*sectionSize)
	w := writer{file}
	w.header(number, headers)
	w.programs(sections, page)
	for i := range sections[1:] {
		s := &sections[i+1]
		copy(file[s.offset:], s.data)
		w.section(headers+(i+1)*sectionSize, s, labels.at[s.name])
	}
	return file, sections[numPage].offset, nil
}

func (o *Object) check() error {
	nodes := map[string]bool{}
	for _, v := range o.Versions {
		if v == "" || nodes[v] || bytes.IndexByte([]byte(v), 0) >= 0 {
			return fmt.Errorf("elfso: bad version node %q", v)
		}
		nodes[v] = true
	}
	for _, s := range o.Symbols {
		if s.Name == "" || bytes.IndexByte([]byte(s.Name), 0) >= 0 {
			return fmt.Errorf("elfso: bad symbol name %q", s.Name)
		}
		if !nodes[s.Version] {
			return fmt.Errorf("elfso: symbol %s has version %s, which is no node", s.Name, s.Version)
		}
		if s.Offset < 0 || s.Size < 0 || s.Offset > len(o.Data) || s.Size > len(o.Data)-s.Offset {
			return fmt.Errorf("elfso: symbol %s is outside of the data", s.Name)
		}
	}
	return nil
}

// hash returns the System V hash table, with one bucket that lists all symbols.
func (o *Object) hash() []byte {
	n := len(o.Symbols)
	b := order(nil, uint32(1), uint32(n+1))
	first := uint32(0)
	if n > 0 {
		first = 1
	}
	b = order(b, first, uint32(0))
	for i := 1; i <= n; i++ {
		next := uint32(i + 1)
		if i == n {
			next = 0
		}
		b = order(b, next)
	}
	return b
}

// gnuHash returns the GNU hash table, with one bucket, and a Bloom filter that
// lets all names pass.
func (o *Object) gnuHash() []byte {
	first := uint32(1)
	if len(o.Symbols) == 0 {
		first = 0
	}
	b := order(nil, uint32(1), uint32(1), uint32(1), uint32(0), ^uint64(0), first)
	for i, s := range o.Symbols {
		h := uint32(5381)
		for _, c := range []byte(s.Name) {
			h = h*33 + uint32(c)
		}
		h &^= 1
		if i == len(o.Symbols)-1 {
			h |= 1 // the chain's end
		}
		b = order(b, h)
	}
	return b
}

func (o *Object) dynsym(names *stringTable, data int) []byte {
	b := make([]byte, symbolSize)
	for _, s := range o.Symbols {
		b = order(b, names.at[s.Name], uint8(globalObject), uint8(protected), uint16(numPage),
			uint64(data+s.Offset), uint64(s.Size))
	}
	return b
}

func (o *Object) versym() []byte {
	number := map[string]uint16{}
	for i, v := range o.Versions {
		number[v] = uint16(i + 2) // 1 is the base
	}
	b := order(nil, uint16(0))
	for _, s := range o.Symbols {
		b = order(b, number[s.Version])
	}
	return b
}

func (o *Object) verdef(names *stringTable) []byte {
	var b []byte
	for i, v := range append([]string{o.Soname}, o.Versions...) {
		flags, next := uint16(0), uint32(verdefSize+verdauxSize)
		if i == 0 {
			flags = 1 // base: the file itself
		}
		if i == len(o.Versions) {
			next = 0
		}
		b = order(b, uint16(1), flags, uint16(i+1), uint16(1), elfHash(v), uint32(verdefSize), next)
		b = order(b, names.add(v), uint32(0))
	}
	return b
}

// elfHash is the System V hash of a name.
func elfHash(name string) uint32 {
	var h uint32
	for _, c := range []byte(name) {
		h = h<<4 + uint32(c)
		g := h & 0xf0000000
		h = (h ^ g>>24) &^ g
	}
	return h
}

func dynamic(sections []section, soname uint32, nodes int) []byte {
	at := func(n int) uint64 { return uint64(sections[n].offset) }
	return order(nil,
		uint64(tagSoname), uint64(soname),
		uint64(tagHash), at(numHash),
		uint64(tagGNUHash), at(numGNUHash),
		uint64(tagStrtab), at(numDynstr),
		uint64(tagSymtab), at(numDynsym),
		uint64(tagStrsz), uint64(len(sections[numDynstr].data)),
		uint64(tagSyment), uint64(symbolSize),
		uint64(tagVersym), at(numVersym),
		uint64(tagVerdef), at(numVerdef),
		uint64(tagVerdefnum), uint64(nodes),
		uint64(tagNull), uint64(0))
}

// A writer fills in the headers of a file.
type writer struct{ file []byte }

func (w writer) header(number uint16, sections int) {
	b := []byte{0x7f, 'E', 'L', 'F', 2, encoding(), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	b = order(b, uint16(3), number, uint32(1), uint64(0), uint64(headerSize), uint64(sections), uint32(0),
		uint16(headerSize), uint16(programSize), uint16(5), uint16(sectionSize), uint16(numSections), uint16(numShstrtab))
	copy(w.file, b)
}

func (w writer) programs(sections []section, page int) {
	last, data, dyn := &sections[numVerdef], &sections[numPage], &sections[numDynamic]
	text := last.offset + len(last.data)
	b := w.file[headerSize:headerSize]
	b = program(b, typeLoad, flagRead, 0, text, page)
	b = program(b, typeLoad, flagRead, data.offset, len(data.data), page)
	b = program(b, typeLoad, flagRead|flagWrite, dyn.offset, len(dyn.data), page)
	b = program(b, typeDynamic, flagRead|flagWrite, dyn.offset, len(dyn.data), 8)
	program(b, typeGNUStack, flagRead|flagWrite, 0, 0, 16)
}

func program(b []byte, kind, flags uint32, offset, size, align int) []byte {
	at, n := uint64(offset), uint64(size)
	return order(b, kind, flags, at, at, at, n, n, uint64(align))
}

func (w writer) section(at int, s *section, name uint32) {
	address := uint64(s.offset)
	if s.flags == 0 {
		address = 0 // not loaded
	}
	order(w.file[at:at], name, s.kind, uint64(s.flags), address, uint64(s.offset), uint64(len(s.data)),
		s.link, s.info, uint64(s.align), uint64(s.entry))
}

// encoding is ELF's name of the machine's byte order.
func encoding() byte {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return 1
	}
	return 2
}

// order appends integers in the machine's byte order.
func order(b []byte, values ...any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case uint8:
			b = append(b, v)
		case uint16:
			b = binary.NativeEndian.AppendUint16(b, v)
		case uint32:
			b = binary.NativeEndian.AppendUint32(b, v)
		case uint64:
			b = binary.NativeEndian.AppendUint64(b, v)
		default:
			panic("elfso: not an integer of fixed size")
		}
	}
	return b
}
