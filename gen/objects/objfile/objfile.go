package objfile

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// A Member is one file of an archive.
type Member struct {
	Name    string
	Symbols []*Symbol // of a Go object
	Native  []byte    // another object, as it is: the C compiler's
}

// A Kind says which memory a symbol lies in.
type Kind uint8

const (
	Text       Kind = 1
	ROData     Kind = 3
	NoPtrData  Kind = 5
	Data       Kind = 7
	BSS        Kind = 9
	NoPtrBSS   Kind = 10
	TLSBSS     Kind = 11
	cuInfo     Kind = 12 // the first of the debugger's kinds
	dwarfLast  Kind = 21
	Fuzz       Kind = 22
	Coverage   Kind = 23
	CoverageAx Kind = 24
)

// IsText reports whether it holds instructions.
func (k Kind) IsText() bool { return k == Text || k == Text+1 }

// IsDebug reports whether it is for debuggers only.
func (k Kind) IsDebug() bool { return cuInfo <= k && k <= dwarfLast }

// IsWritable reports whether a running program may write to it.
func (k Kind) IsWritable() bool { return NoPtrData <= k && k <= TLSBSS || Fuzz <= k && k <= CoverageAx }

func (k Kind) String() string {
	names := map[Kind]string{
		Text: "text", ROData: "rodata", NoPtrData: "noptrdata", Data: "data", BSS: "bss", NoPtrBSS: "noptrbss", TLSBSS: "tlsbss",
		Fuzz: "fuzz counters", Coverage: "coverage counters", CoverageAx: "coverage",
	}
	for _, base := range []Kind{k, k - 1} { // those of the FIPS module follow their plain ones
		if s := names[base]; s != "" {
			return s
		}
	}
	return "kind " + strconv.Itoa(int(k))
}

// A Symbol is one that an object defines.
type Symbol struct {
	Name        string // "" for tables
	ABI         uint16
	Kind        Kind
	Flag, Flag2 uint8
	Size, Align uint32
	Data        []byte // shorter than Size where the rest is zero
	Relocs      []Reloc
	Info        []byte    // of a function: sizes of its arguments and frame, special kind
	Tables      []*Symbol // of a function: stack maps and the like, in order
	File        string    // of a function: where it begins
	Line        int
}

// A Reloc is a place that the linker fills in.
type Reloc struct {
	Off  int32
	Size uint8
	Type uint16
	Add  int64
	Sym  string // its name; "" for none
	ABI  uint16 // where it is known: of symbols that belong to no package
	Def  *Symbol
}

// Weak reports whether the linker keeps no symbol for this reference: it is
// zero if nothing else refers to the symbol.
func (r *Reloc) Weak() bool { return r.Type&(1<<15) != 0 }

// Dupok and the like are a symbol's flags.
const (
	Dupok = 1 << 0
)

// Read reads an archive.
func Read(file string) ([]*Member, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	members, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return members, nil
}

func parse(data []byte) (_ []*Member, err error) {
	defer func() {
		if r := recover(); r != nil { // an offset that points nowhere
			err = fmt.Errorf("damaged object file: %v", r)
		}
	}()
	rest, ok := bytes.CutPrefix(data, []byte("!<arch>\n"))
	if !ok {
		return nil, fmt.Errorf("not an archive")
	}
	var out []*Member
	for len(rest) >= 60 {
		header := string(rest[:60])
		size, err := strconv.Atoi(strings.TrimSpace(header[48:58]))
		if err != nil || size > len(rest)-60 {
			return nil, fmt.Errorf("damaged archive")
		}
		m := &Member{Name: strings.TrimRight(header[:16], " /")}
		body := rest[60 : 60+size]
		rest = rest[min(len(rest), 60+size+size&1):]
		if m.Name == "__.PKGDEF" {
			continue // for the compilers of importers
		}
		if bytes.HasPrefix(body, []byte("go object ")) {
			if body, err = objectBody(body); err != nil {
				return nil, err
			}
			if m.Symbols, err = readObject(body); err != nil {
				return nil, err
			}
		} else {
			m.Native = body
		}
		out = append(out, m)
	}
	return out, nil
}

// objectBody cuts off the text in front of an object.
func objectBody(body []byte) ([]byte, error) {
	_, obj, ok := bytes.Cut(body, []byte("\n!\n"))
	if !ok || !bytes.HasPrefix(obj, []byte(magic)) {
		return nil, fmt.Errorf("objects of this toolchain are of another format than %q", magic[1:])
	}
	return obj, nil
}

// Prefix is what stands before a package's own names in symbols, with the dot.
func Prefix(path, name string) string {
	if name == "main" {
		return "main."
	}
	return Path(path) + "."
}

// Path spells an import path as it stands in the names of symbols: the dots of
// its last element are escaped, and what is no plain character.
func Path(path string) string {
	var b strings.Builder
	slash := strings.LastIndexByte(path, '/')
	for i := range len(path) {
		if c := path[i]; c <= ' ' || c == '.' && i > slash || c == '%' || c == '"' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
