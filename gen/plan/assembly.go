package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// An AsmUse says where assembly mentions a variable: "file.s:12", or "".
type AsmUse struct {
	Read, Written, Address string
	Constant               string // where assembly defines it as read-only data
}

// symbol matches a Go symbol in Plan 9 assembly: pkg·name(SB). A name followed by <> is the file's own.
var symbol = regexp.MustCompile(`([\w∕./]*)·(\w+)(<>)?\s*(?:[+-]\s*\w+)?\s*\(SB\)`)

// assembly reads the package's assembly files. The last operand of an instruction is what it writes, comparisons
// and tests apart. An address that it takes may be written through, unless assembly defines the variable as constant.
func assembly(p *Plan, pkg *Package) {
	lp := pkg.Variants[0]
	for _, name := range lp.SFiles {
		text, err := os.ReadFile(filepath.Join(lp.Dir, name))
		if err != nil {
			continue
		}
		for i, line := range strings.Split(string(text), "\n") {
			line, _, _ = strings.Cut(line, "//")
			for _, m := range symbol.FindAllStringSubmatchIndex(line, -1) {
				if m[6] >= 0 {
					continue
				}
				home := pkg
				if q := strings.ReplaceAll(line[m[2]:m[3]], "∕", "/"); q != "" {
					home = p.Packages[q]
				}
				if home == nil {
					continue
				}
				v := home.Vars[line[m[4]:m[5]]]
				if v == nil {
					continue
				}
				at := fmt.Sprintf("%s:%d", name, i+1)
				op := ""
				if fields := strings.Fields(line); len(fields) > 0 {
					op = fields[0]
				}
				switch last := !strings.Contains(line[m[1]:], ","); {
				case op == "GLOBL":
					if strings.Contains(line, "RODATA") {
						v.Uses.Asm.Constant = at
					}
				case op == "DATA":
				case strings.HasPrefix(op, "LEA") || m[0] > 0 && line[m[0]-1] == '$':
					v.Uses.Asm.Address = at
				case last && strings.Contains(line[:m[0]], ",") && !reads(op):
					v.Uses.Asm.Written = at
				default:
					v.Uses.Asm.Read = at
				}
			}
		}
	}
}

// reads reports whether an instruction writes none of its operands.
func reads(op string) bool {
	for _, prefix := range []string{"CMP", "TEST", "BT", "UCOMIS", "COMIS", "VPTEST", "PTEST"} {
		if strings.HasPrefix(op, prefix) {
			return true
		}
	}
	return false
}
