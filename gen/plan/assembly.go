package plan

import (
	"strings"

	"github.com/go-vimage/vimage/analyzers/proof"
)

// AsmUse says where assembly mentions a variable: "file.s:12", or "".
type AsmUse struct {
	Read, Written, Address string
	Constant               string // where assembly defines it as read-only data
}

// assembly reads the package's assembly. A macro's name for a variable counts
// as its address: it may be written through, unless assembly defines the
// variable as constant.
func assembly(p *Plan, pkg *Package) {
	for _, l := range asmLines(pkg.Variants[0]) {
		for _, s := range l.symbols {
			k := Key{pkg.Path, s.name}
			if s.pkg != "" {
				k.Pkg = s.pkg
			}
			v := p.lookup(proof.Name(k))
			if other := p.symbols[k]; other != nil {
				v = other
			}
			if v == nil {
				continue
			}
			asm := &v.Uses.Asm
			switch {
			case l.op == "GLOBL":
				if strings.Contains(l.text, "RODATA") {
					asm.Constant = l.at
				}
			case l.op == "DATA":
			case l.macro, strings.HasPrefix(l.op, "LEA"), s.start > 0 && l.text[s.start-1] == '$':
				asm.Address = l.at
			case l.writes(s):
				asm.Written = l.at
			default:
				asm.Read = l.at
			}
		}
	}
}

// writes reports whether an instruction writes a symbol among its operands. The
// last is what it writes, unless it only looks, goes somewhere, or works on
// registers that are not named; an exchange writes all.
func (l *asmLine) writes(s asmSymbol) bool {
	for _, prefix := range []string{"XCHG", "XADD", "CMPXCHG", "SWP"} {
		if strings.HasPrefix(l.op, prefix) {
			return true
		}
	}
	if strings.Contains(l.text[s.end:], ",") {
		return false
	}
	looking := []string{"CMP", "TEST", "BTW", "BTL", "BTQ", "UCOMIS", "COMIS", "VPTEST", "PTEST", "VUCOMIS", "VCOMIS", "FCMP"}
	if !strings.Contains(l.text[:s.start], ",") {
		looking = []string{"CALL", "J", "B", "PUSH", "MUL", "IMUL", "DIV", "IDIV", "PREFETCH", "PCALIGN", "TEXT"}
	}
	for _, prefix := range looking {
		if strings.HasPrefix(l.op, prefix) {
			return false
		}
	}
	return true
}
