package plan

import (
	"cmp"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/go-vimage/vimage/analyzers/proof"
)

// codeWord is the member's name by which the user's word speaks of the code
// that a package patches, as C is for its C variables.
const codeWord = "TEXT"

// patches lists where code may be patched that all images run.
func patches(p *Plan, codes []proof.Code, settings *Settings) (out []Finding) {
	seen := map[Finding]bool{}
	for _, c := range codes {
		pkg := p.Packages[c.Pkg]
		if pkg == nil || pkg.Standard || settings.shareCode(c.Pkg) {
			continue
		}
		f := Finding{
			Pos:  p.Prog.Fset.Position(c.Pos),
			Name: "machine code",
			Reason: fmt.Sprintf("%s calls %s on memory that is not seen to be mapped by the program itself: it may change functions, "+
				"for all images; if they may share the change, say `shared %s.%s REASON` in %s", c.In, c.Call, c.Pkg, codeWord, SettingsFile),
		}
		if c.Asm != "" {
			f.Pos = p.asmProtects[c.Pkg][c.Asm]
			f.Reason = fmt.Sprintf("%s makes the system call mprotect in assembly: it may change functions, for all images; "+
				"if they may share the change, say `shared %s.%s REASON` in %s", c.In, c.Pkg, codeWord, SettingsFile)
		}
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Offset, b.Pos.Offset))
	})
	return out
}

// protecting looks for functions in assembly that protect memory.
func protecting(p *Plan) map[proof.Name]bool {
	var number constant.Value
	if lp := p.Prog.ByID["syscall"]; lp != nil && lp.Types != nil {
		if c, ok := lp.Types.Scope().Lookup("SYS_MPROTECT").(*types.Const); ok {
			number = c.Val()
		}
	}
	out := map[proof.Name]bool{}
	p.asmProtects = map[string]map[string]token.Position{}
	for _, pkg := range p.Order {
		if pkg.Standard {
			continue
		}
		found := asmProtects(pkg.Variants[0], number)
		for name := range found {
			out[proof.Name{Pkg: pkg.Path, Name: name}] = true
		}
		p.asmProtects[pkg.Path] = found
	}
	return out
}

// protectsIn reports whether a folder holds code that names the system call.
func protectsIn(dir string) bool {
	entries, _ := os.ReadDir(dir) // a folder that cannot be read has nothing
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		switch filepath.Ext(e.Name()) {
		case ".go", ".s":
			text, _ := os.ReadFile(filepath.Join(dir, e.Name())) // as above
			return protectName.Match(text)
		}
		return false
	})
}

var protectName = regexp.MustCompile(`(?i)mprotect|vm_protect|VirtualProtect`)
