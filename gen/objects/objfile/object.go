package objfile

import (
	"encoding/binary"
	"fmt"
	"strings"
)

const magic = "\x00go120ld"

// The blocks of an object, in order.
const (
	blkAutolib = iota
	blkPackages
	blkFiles
	blkDefs
	blkHashed64
	blkHashed
	blkNonPkgDefs
	blkNonPkgRefs
	blkRefFlags
	blkHash64
	blkHash
	blkRelocIndex
	blkAuxIndex
	blkDataIndex
	blkRelocs
	blkAux
	blkData
	blkRefNames
	blkEnd
	blocks
)

// Where a reference's symbol is defined.
const (
	pkgNone     = 1<<31 - 1 - iota // in no package
	pkgHashed64                    // named by its content
	pkgHashed
	pkgBuiltin // a function of the runtime
	pkgSelf
)

const (
	symSize, relocSize, auxSize, refNameSize, stringSize = 21, 23, 9, 16, 8
)

// What an auxiliary symbol is.
const (
	auxFuncInfo = 1
	auxFuncdata = 2
	auxPcsp     = 7
	auxPcdata   = 11
	auxWasm     = 12
	auxWasmType = 13
	auxSEH      = 14
)

type object struct {
	b       []byte
	off     [blocks]uint32
	symbols []*Symbol // those defined, in the order of the blocks
	first   [5]int    // where the blocks of symbols begin in them
	refs    []ref     // in no package, defined elsewhere
	names   map[[2]uint32]string
}

type ref struct {
	name string
	abi  uint16
}

func (o *object) u32(at uint32) uint32  { return binary.LittleEndian.Uint32(o.b[at:]) }
func (o *object) text(at uint32) string { return string(o.b[o.u32(at+4):][:o.u32(at)]) }

func (o *object) count(block, size uint32) uint32 { return (o.off[block+1] - o.off[block]) / size }

func readObject(b []byte) ([]*Symbol, error) {
	o := &object{b: b, names: map[[2]uint32]string{}}
	for i := range o.off {
		o.off[i] = o.u32(uint32(len(magic) + 8 + 4 + 4*i))
	}
	for i, block := range []uint32{blkDefs, blkHashed64, blkHashed, blkNonPkgDefs} {
		o.first[i] = len(o.symbols)
		for n := range o.count(block, symSize) {
			o.symbols = append(o.symbols, o.symbol(o.off[block]+n*symSize))
		}
	}
	o.first[4] = len(o.symbols)
	for n := range o.count(blkNonPkgRefs, symSize) {
		s := o.symbol(o.off[blkNonPkgRefs] + n*symSize)
		o.refs = append(o.refs, ref{s.Name, s.ABI})
	}
	for n := range o.count(blkRefNames, refNameSize) {
		at := o.off[blkRefNames] + n*refNameSize
		o.names[[2]uint32{o.u32(at), o.u32(at + 4)}] = o.text(at + 8)
	}
	for i, s := range o.symbols {
		if strings.HasPrefix(s.Name, "go:cuinfo.packagename.") && s.Kind != cuInfo {
			return nil, fmt.Errorf("objects of this toolchain number the kinds of symbols in another way than is known here")
		}
		s.Data = o.data(uint32(i))
	}
	for i, s := range o.symbols {
		o.fill(uint32(i), s)
	}
	return o.symbols, nil
}

func (o *object) symbol(at uint32) *Symbol {
	return &Symbol{
		Name: o.text(at), ABI: binary.LittleEndian.Uint16(o.b[at+8:]), Kind: Kind(o.b[at+10]),
		Flag: o.b[at+11], Flag2: o.b[at+12], Size: o.u32(at + 13), Align: o.u32(at + 17),
	}
}

func (o *object) data(i uint32) []byte {
	at := o.off[blkDataIndex] + 4*i
	return o.b[o.off[blkData]+o.u32(at) : o.off[blkData]+o.u32(at+4)]
}

// fill reads what belongs to the i-th symbol.
func (o *object) fill(i uint32, s *Symbol) {
	span := func(block uint32) (uint32, uint32) {
		return o.u32(o.off[block] + 4*i), o.u32(o.off[block] + 4*i + 4)
	}
	from, to := span(blkRelocIndex)
	for n := from; n < to; n++ {
		at := o.off[blkRelocs] + n*relocSize
		r := Reloc{
			Off: int32(o.u32(at)), Size: o.b[at+4], Type: binary.LittleEndian.Uint16(o.b[at+5:]),
			Add: int64(binary.LittleEndian.Uint64(o.b[at+7:])),
		}
		r.Sym, r.ABI, r.Def = o.resolve(o.u32(at+15), o.u32(at+19))
		s.Relocs = append(s.Relocs, r)
	}
	from, to = span(blkAuxIndex)
	for n := from; n < to; n++ {
		at := o.off[blkAux] + n*auxSize
		_, _, def := o.resolve(o.u32(at+1), o.u32(at+5))
		if def == nil {
			continue
		}
		switch o.b[at] {
		case auxFuncInfo:
			o.info(s, def)
		case auxFuncdata, auxPcsp, auxPcdata, auxWasm, auxWasmType, auxSEH:
			s.Tables = append(s.Tables, def)
		}
	}
}

// info takes from a function's description what is not about lines.
func (o *object) info(s, def *Symbol) {
	data := def.Data
	if len(data) < 20 {
		return
	}
	s.Info = data[:12]
	s.Line = int(int32(binary.LittleEndian.Uint32(data[12:])))
	if binary.LittleEndian.Uint32(data[16:]) > 0 && len(data) >= 24 {
		if n := binary.LittleEndian.Uint32(data[20:]); n < o.count(blkFiles, stringSize) {
			s.File = o.text(o.off[blkFiles] + n*stringSize)
		}
	}
}

// resolve names a reference's symbol.
func (o *object) resolve(pkg, sym uint32) (name string, abi uint16, def *Symbol) {
	block := 0
	switch pkg {
	case 0:
		return "", 0, nil
	case pkgSelf:
	case pkgHashed64:
		block = 1
	case pkgHashed:
		block = 2
	case pkgNone:
		if n := int(sym) - (o.first[4] - o.first[3]); n >= 0 {
			return o.refs[n].name, o.refs[n].abi, nil
		}
		block = 3
	case pkgBuiltin:
		return fmt.Sprintf("function %d of the runtime", sym), 0, nil
	default:
		return o.names[[2]uint32{pkg, sym}], 0, nil
	}
	def = o.symbols[o.first[block]+int(sym)]
	return def.Name, def.ABI, def
}
