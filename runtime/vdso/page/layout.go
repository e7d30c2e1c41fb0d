package page

import (
	"slices"

	"github.com/go-vimage/vimage/runtime/vdso/internal/elfso"
)

// headerNode is the version node of the header's symbols.
const headerNode = "VIMAGE_PAGE_1"

// Offsets in the data. Words that are stored while readers run have cache lines
// of their own.
const (
	offAbandoned = 0
	offPeriod    = 8
	offPid       = 16
	offStart     = 24
	offBoot      = 32
	offPidns     = 48
	offTimens    = 56
	offCreated   = 64
	offBeat      = 128
	offCurrent   = 192
	offLive      = 256
)

// hands is the number of generations.
const hands = 4

// headerSymbols are the symbols with the node headerNode and a fixed size.
func headerSymbols() []elfso.Symbol {
	word := func(name string, offset int) elfso.Symbol {
		return elfso.Symbol{Name: name, Version: headerNode, Offset: offset, Size: 8}
	}
	return []elfso.Symbol{
		word("vimage_abandoned", offAbandoned), word("vimage_period", offPeriod), word("vimage_pid", offPid),
		word("vimage_start", offStart),
		{Name: "vimage_boot", Version: headerNode, Offset: offBoot, Size: 16},
		word("vimage_pidns", offPidns), word("vimage_timens", offTimens), word("vimage_created", offCreated),
		word("vimage_beat", offBeat), word("vimage_current", offCurrent),
	}
}

// A plan says where the parts of a page's data are.
type plan struct {
	object elfso.Object
	size   int // of the values, in bytes
	hands  int // offset of the generations
	stride int // from one generation to the next
}

func newPlan(s Schema) (*plan, error) {
	slots, size, err := s.Layout()
	if err != nil {
		return nil, err
	}
	p := &plan{size: size, stride: roundUp(8+size, 64)}
	p.hands = roundUp(offLive+size, 64)
	abi := s.ABI()
	text := p.hands + hands*p.stride
	o := &p.object
	o.Soname = "vimage." + s.Name
	o.Data = make([]byte, roundUp(text+len(abi), 8))
	copy(o.Data[text:], abi)
	o.Symbols = append(headerSymbols(),
		elfso.Symbol{Name: "vimage_abi", Version: headerNode, Offset: text, Size: len(abi)},
		elfso.Symbol{Name: s.Name, Version: headerNode, Offset: offLive, Size: size},
		elfso.Symbol{Name: s.Name + "__hands", Version: headerNode, Offset: p.hands, Size: hands * p.stride})
	var versions []string
	for _, slot := range slots {
		versions = append(versions, slot.Version)
		o.Symbols = append(o.Symbols, elfso.Symbol{
			Name: symbol(s.Name, slot.Name), Version: node(s.Name, slot.Version),
			Offset: offLive + slot.Offset, Size: slot.Kind.Size(),
		})
	}
	slices.SortFunc(versions, CompareVersions)
	o.Versions = []string{headerNode}
	for _, v := range slices.Compact(append(versions, s.Version)) {
		o.Versions = append(o.Versions, node(s.Name, v))
	}
	return p, nil
}

// symbol returns the symbol of a variable.
func symbol(page, name string) string { return page + "_" + name }

// node returns the version node of a version of a page.
func node(page, version string) string { return page + "_" + version }
