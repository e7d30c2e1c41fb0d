package plan

import (
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// An asmBlock is one function in assembly.
type asmBlock struct {
	name     string
	text     []string // its instructions, macros not expanded
	protects token.Position
}

// asmProtects lists the functions of a package's assembly that make the system
// call mprotect, or call a function of that name, with the place of that.
// number is what the platform calls mprotect by.
func asmProtects(lp *load.Package, number constant.Value) map[string]token.Position {
	var blocks []*asmBlock
	for _, name := range lp.SFiles {
		path := filepath.Join(lp.Dir, name)
		if text, err := os.ReadFile(path); err == nil { // else the build says so
			blocks = append(blocks, asmBlocks(path, string(text), number)...)
		}
	}
	out := map[string]token.Position{}
	for again := true; again; {
		again = false
		for _, b := range blocks {
			for _, line := range b.text {
				if b.protects.IsValid() {
					break
				}
				for _, m := range asmCallee.FindAllStringSubmatch(line, -1) {
					if at, ok := out[m[1]]; ok {
						b.protects = at
					}
				}
			}
			if _, known := out[b.name]; b.protects.IsValid() && !known {
				out[b.name] = b.protects
				again = true
			}
		}
	}
	return out
}

var (
	asmDefine  = regexp.MustCompile(`^#define\s+(\w+)\s+(\$\S.*)$`)
	asmText    = regexp.MustCompile(`^TEXT\s+([^\s(<,]*?)(\w+)(?:<[^>]*>)?\s*\(SB\)`)
	asmCallee  = regexp.MustCompile(`(\w+)(?:<[^>]*>)?\s*\(SB\)`)
	asmProtect = regexp.MustCompile(`(?i)(mprotect|vm_protect|VirtualProtect)\w*\s*\(SB\)`)
	asmSyscall = regexp.MustCompile(`^(SYSCALL|SVC|SWI|SYSENTER|ECALL|INT\s+\$0x80|SC)\b`)
	asmNumber  = regexp.MustCompile(`\$(\([^)]*\)|[0-9a-zA-Z_]+)`)
)

// asmBlocks reads one file.
func asmBlocks(path, text string, number constant.Value) (out []*asmBlock) {
	macros := map[string]string{}
	var b *asmBlock
	var call, loads token.Position
	for n, line := range asmSource(text) {
		if m := asmDefine.FindStringSubmatch(line); m != nil {
			macros[m[1]] = m[2]
			continue
		}
		for part := range strings.SplitSeq(line, ";") {
			part = strings.TrimSpace(part)
			if m := asmText.FindStringSubmatch(part); m != nil {
				b = &asmBlock{name: m[2]}
				out = append(out, b)
				call, loads = token.Position{}, token.Position{}
				continue
			}
			if b == nil || part == "" {
				continue
			}
			b.text = append(b.text, part)
			at := token.Position{Filename: path, Line: n, Column: 1}
			switch {
			case asmProtect.MatchString(part):
				b.protects = at
			case asmSyscall.MatchString(part):
				call = at
			case loadsNumber(part, macros, number):
				loads = at
			}
			if call.IsValid() && loads.IsValid() && !b.protects.IsValid() {
				b.protects = loads
			}
		}
	}
	return out
}

// loadsNumber reports whether an instruction has a system call's number for an
// operand. On macOS the number's class stands above it.
func loadsNumber(line string, macros map[string]string, number constant.Value) bool {
	if number == nil || !strings.HasPrefix(line, "MOV") {
		return false
	}
	for name, value := range macros {
		line = regexp.MustCompile(`\b`+name+`\b`).ReplaceAllLiteralString(line, value)
	}
	for _, m := range asmNumber.FindAllStringSubmatch(line, -1) {
		tv, err := types.Eval(token.NewFileSet(), nil, token.NoPos, m[1])
		if err != nil || tv.Value == nil || tv.Value.Kind() != constant.Int {
			continue
		}
		if v := constant.BinaryOp(tv.Value, token.AND, constant.MakeInt64(0xffffff)); constant.Compare(v, token.EQL, number) {
			return true
		}
	}
	return false
}
