package goflags

import (
	"fmt"
	"strings"
)

// Split splits a flag's value into words as the go command does: at white
// space, where a word that begins with a single or double quote reaches to the
// next one. There are no escapes.
func Split(s string) ([]string, error) {
	var words []string
	for {
		s = strings.TrimLeft(s, " \t\n\r")
		if s == "" {
			return words, nil
		}
		if q := s[0]; q == '"' || q == '\'' {
			end := strings.IndexByte(s[1:], q)
			if end < 0 {
				return nil, fmt.Errorf("unterminated %c string", q)
			}
			words, s = append(words, s[1:1+end]), s[end+2:]
			continue
		}
		end := strings.IndexAny(s, " \t\n\r")
		if end < 0 {
			end = len(s)
		}
		words, s = append(words, s[:end]), s[end:]
	}
}

// Join joins words so that Split gives them back. A word that holds both kinds
// of quotes and white space cannot be written.
func Join(words []string) (string, error) {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch {
		case w != "" && !strings.ContainsAny(w, " \t\n\r'\""):
			b.WriteString(w)
		case !strings.Contains(w, "'"):
			b.WriteString("'" + w + "'")
		case !strings.Contains(w, `"`):
			b.WriteString(`"` + w + `"`)
		default:
			return "", fmt.Errorf("argument holds both single and double quotes: %s", w)
		}
	}
	return b.String(), nil
}
