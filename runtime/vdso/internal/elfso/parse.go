package elfso

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrFormat is in the chain of all errors of [Parse].
//
//vimage:shared an error value that nothing changes
var ErrFormat = errors.New("not a shared page")

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}

// Parse returns the symbols of a shared object, by name and version. Offsets
// are in the file, and each symbol is inside of one read-only segment of the
// file. Of two symbols with one name and version the first counts.
func Parse(file []byte) (map[[2]string]Symbol, error) {
	p := &parser{file: file}
	if err := p.header(); err != nil {
		return nil, err
	}
	if err := p.dynamic(); err != nil {
		return nil, err
	}
	nodes, err := p.nodes()
	if err != nil {
		return nil, err
	}
	return p.symbols(nodes)
}

type segment struct {
	kind, flags           uint32
	offset, address, size uint64
}

// A parser reads a file of unknown origin.
type parser struct {
	file     []byte
	segments []segment
	tags     map[uint64]uint64
	names    []byte
}

// at returns size bytes of the file, or nil if it has not so many there.
func (p *parser) at(offset, size uint64) []byte {
	n := uint64(len(p.file))
	if offset > n || size > n-offset {
		return nil
	}
	return p.file[offset : offset+size]
}

func (p *parser) header() error {
	h := p.at(0, headerSize)
	if h == nil {
		return bad("%d bytes are too few for a header", len(p.file))
	}
	number, _ := machine()
	e := binary.NativeEndian
	switch {
	case !bytes.Equal(h[:4], []byte("\x7fELF")):
		return bad("no ELF magic number")
	case h[4] != 2 || h[5] != encoding() || e.Uint16(h[18:]) != number:
		return bad("made for another machine")
	case e.Uint16(h[16:]) != 3:
		return bad("not a shared object")
	case e.Uint16(h[54:]) != programSize:
		return bad("program headers of %d bytes", e.Uint16(h[54:]))
	}
	offset, count := e.Uint64(h[32:]), uint64(e.Uint16(h[56:]))
	table := p.at(offset, count*programSize)
	if table == nil {
		return bad("program headers beyond the end")
	}
	for ; len(table) > 0; table = table[programSize:] {
		s := segment{
			kind: e.Uint32(table), flags: e.Uint32(table[4:]), offset: e.Uint64(table[8:]),
			address: e.Uint64(table[16:]), size: e.Uint64(table[32:]),
		}
		if p.at(s.offset, s.size) == nil {
			return bad("a segment beyond the end")
		}
		p.segments = append(p.segments, s)
	}
	return nil
}

// loaded returns the bytes from an address to the end of its segment.
func (p *parser) loaded(address uint64) []byte {
	for _, s := range p.segments {
		if s.kind == typeLoad && address >= s.address && address-s.address < s.size {
			return p.at(s.offset, s.size)[address-s.address:]
		}
	}
	return nil
}

func (p *parser) dynamic() error {
	p.tags = map[uint64]uint64{}
	for _, s := range p.segments {
		if s.kind != typeDynamic {
			continue
		}
		b := p.at(s.offset, s.size)
		for ; len(b) >= dynamicSize; b = b[dynamicSize:] {
			tag := binary.NativeEndian.Uint64(b)
			if tag == tagNull {
				break
			}
			p.tags[tag] = binary.NativeEndian.Uint64(b[8:])
		}
	}
	for _, tag := range []uint64{tagHash, tagStrtab, tagSymtab, tagStrsz, tagVersym, tagVerdef, tagVerdefnum} {
		if _, ok := p.tags[tag]; !ok {
			return bad("no dynamic entry %#x", tag)
		}
	}
	names := p.loaded(p.tags[tagStrtab])
	if uint64(len(names)) < p.tags[tagStrsz] {
		return bad("names beyond the end")
	}
	p.names = names[:p.tags[tagStrsz]]
	return nil
}

// name returns a name of the table, "" if there is none there.
func (p *parser) name(at uint32) string {
	if uint64(at) >= uint64(len(p.names)) {
		return ""
	}
	b := p.names[at:]
	end := bytes.IndexByte(b, 0)
	if end < 0 || end > maxName {
		return ""
	}
	return string(b[:end])
}

// maxName bounds names: many long ones may overlap in a hostile file.
const maxName = 512

// nodes returns the version nodes by number.
func (p *parser) nodes() (map[uint16]string, error) {
	nodes := map[uint16]string{}
	b := p.loaded(p.tags[tagVerdef])
	for range min(p.tags[tagVerdefnum], 1<<15) {
		if len(b) < verdefSize {
			return nil, bad("version nodes beyond the end")
		}
		e := binary.NativeEndian
		aux, next := e.Uint32(b[12:]), e.Uint32(b[16:])
		if uint64(aux)+verdauxSize > uint64(len(b)) {
			return nil, bad("a version's name beyond the end")
		}
		nodes[e.Uint16(b[4:])] = p.name(e.Uint32(b[aux:]))
		if next == 0 {
			return nodes, nil
		}
		if uint64(next) > uint64(len(b)) {
			return nil, bad("version nodes beyond the end")
		}
		b = b[next:]
	}
	return nodes, nil
}

func (p *parser) symbols(nodes map[uint16]string) (map[[2]string]Symbol, error) {
	hash := p.loaded(p.tags[tagHash])
	if len(hash) < 8 {
		return nil, bad("no hash table")
	}
	e := binary.NativeEndian
	count := uint64(e.Uint32(hash[4:])) // the hash table has a chain for each symbol
	table, versions := p.loaded(p.tags[tagSymtab]), p.loaded(p.tags[tagVersym])
	if count*symbolSize > uint64(len(table)) || count*2 > uint64(len(versions)) {
		return nil, bad("symbols beyond the end")
	}
	found := map[[2]string]Symbol{}
	for i := range int(count) {
		b := table[i*symbolSize:]
		s := Symbol{Name: p.name(e.Uint32(b)), Version: nodes[e.Uint16(versions[2*i:])&0x7fff]}
		address, size := e.Uint64(b[8:]), e.Uint64(b[16:])
		if s.Name == "" || s.Version == "" || b[4] != globalObject || e.Uint16(b[6:]) == 0 {
			continue
		}
		offset, ok := p.readOnly(address, size)
		if !ok {
			return nil, bad("symbol %.80q is outside of the read-only segments", s.Name)
		}
		s.Offset, s.Size = int(offset), int(size)
		key := [2]string{s.Name, s.Version}
		if _, ok := found[key]; !ok {
			found[key] = s
		}
	}
	return found, nil
}

// readOnly returns the offset in the file of a range of addresses in a
// read-only segment.
func (p *parser) readOnly(address, size uint64) (offset uint64, ok bool) {
	for _, s := range p.segments {
		if s.kind == typeLoad && s.flags == flagRead && address >= s.address && address-s.address <= s.size &&
			size <= s.size-(address-s.address) {
			return s.offset + (address - s.address), true
		}
	}
	return 0, false
}
