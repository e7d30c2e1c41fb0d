package overlaycover

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The marks around added code; gen/rewrite writes them.
const (
	addedOpen  = "/*vnet{*/"
	addedClose = "/*}vnet*/"
)

// A hiding is one file whose added code the tool does not see.
type hiding struct {
	file, shown, out string
	pieces           []string // with their marks
}

// hide writes a copy of the file without its added code, under the file's own
// base name, which the tool notes, in a directory beside its output. It returns
// nil for a file without such code.
func hide(file, out string, content []byte) (*hiding, error) {
	h := &hiding{file: file, out: out}
	var b strings.Builder
	for rest := string(content); ; {
		before, after, ok := strings.Cut(rest, addedOpen)
		b.WriteString(before)
		if !ok {
			break
		}
		piece, tail, ok := strings.Cut(after, addedClose)
		if !ok {
			return nil, fmt.Errorf("%s: added code without an end", file)
		}
		b.WriteString(placeholder(piece, len(h.pieces)))
		h.pieces = append(h.pieces, addedOpen+piece+addedClose)
		rest = tail
	}
	if h.pieces == nil {
		return nil, nil
	}
	dir := out + ".vnet"
	if err := os.Mkdir(dir, 0o777); err != nil && !os.IsExist(err) {
		return nil, err
	}
	h.shown = filepath.Join(dir, filepath.Base(file))
	return h, os.WriteFile(h.shown, []byte(b.String()), 0o666)
}

// placeholder stands for a piece. What makes a function of an initialiser
// becomes what the author had: a variable.
func placeholder(piece string, n int) string {
	mark := fmt.Sprintf("/*vnet#%d*/", n)
	if strings.HasPrefix(piece, "func ") {
		return "var _ = " + mark
	}
	return mark
}

// restore puts the pieces and the file's name into what the tool wrote.
func (h hiding) restore() error {
	content, err := os.ReadFile(h.out)
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(string(content), h.shown, h.file)
	for n, piece := range h.pieces {
		mark := placeholder(strings.TrimPrefix(piece, addedOpen), n)
		if strings.Count(text, mark) != 1 {
			return fmt.Errorf("%s: the coverage tool lost added code %d", h.file, n)
		}
		text = strings.Replace(text, mark, piece, 1)
	}
	return os.WriteFile(h.out, []byte(text), 0o666)
}
