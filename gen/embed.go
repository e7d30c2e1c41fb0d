package gen

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// embedded reports whether packages embed Go files. A rewritten one among them gets a digest of its author's text: that is what is
// embedded, but the go command looks at the rewritten text to see whether to compile the package that embeds it.
func embedded(prog *load.Program, files map[string][]byte) bool {
	found := false
	done := map[string]bool{}
	for _, p := range prog.Packages {
		if p.Standard {
			continue
		}
		for _, name := range slices.Concat(p.EmbedFiles, p.TestEmbedFiles, p.XTestEmbedFiles) {
			if !strings.HasSuffix(name, ".go") {
				continue
			}
			found = true
			path := filepath.Join(p.Dir, filepath.FromSlash(name))
			f, text := prog.Files[path], files[path]
			if done[path] || f == nil || text == nil {
				continue
			}
			done[path] = true
			files[path] = fmt.Appendf(slices.Clip(text), "\n// Embedded as its author wrote it: %x\n", sha256.Sum256(f.Src))
		}
	}
	return found
}
