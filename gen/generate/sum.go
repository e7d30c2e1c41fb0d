package generate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
)

// sumPrefix begins the last line of a file that this package made.
const sumPrefix = "// vimagegen sum: "

// sealed returns a text with its sum.
func sealed(text []byte) []byte {
	text = append(bytes.TrimRight(text, "\n"), '\n', '\n')
	return append(text, sumPrefix+sum(text)+"\n"...)
}

func sum(text []byte) string {
	h := sha256.Sum256(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))) // as git may have checked it out
	return hex.EncodeToString(h[:8])
}

// An origin says who wrote a file.
type origin int

const (
	authors origin = iota // it has no header of ours
	ours                  // as we wrote it
	edited                // it has our header, and not the text that we wrote
)

// isOurs reports whether a file has our header.
func isOurs(src []byte) bool { return bytes.HasPrefix(src, []byte("// "+naming.Header)) }

// hasSum reports whether a file has the line that ends those of this package.
func hasSum(src []byte) bool { return bytes.Contains(src, []byte("\n"+sumPrefix)) }

// originOf tells who wrote a file.
func originOf(src []byte) origin {
	if !isOurs(src) {
		return authors
	}
	at := bytes.LastIndex(src, []byte("\n"+sumPrefix)) + 1
	if at == 0 {
		return edited
	}
	if last := strings.TrimSpace(string(src[at+len(sumPrefix):])); last != sum(src[:at]) {
		return edited
	}
	return ours
}
