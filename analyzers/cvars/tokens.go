package cvars

import "strings"

// A token is a word, number or single character of C, with its line counted
// from 0 and its column from 1.
type token struct {
	text      string
	line, col int
}

// tokens splits C source, without comments, preprocessor lines, strings and
// characters.
func tokens(src string) []token {
	var toks []token
	line, lineStart := 0, 0
	bol := true
	add := func(text string, at int) { toks = append(toks, token{text, line, at - lineStart + 1}) }
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\n':
			line++
			i++
			lineStart = i
			bol = true
			continue
		case c == ' ' || c == '\t' || c == '\r':
			i++
			continue
		case c == '#' && bol:
			for i < len(src) && src[i] != '\n' {
				if src[i] == '\\' && i+1 < len(src) && src[i+1] == '\n' {
					line++
					i++
					lineStart = i + 1
				}
				i++
			}
			continue
		case strings.HasPrefix(src[i:], "//"):
			for i < len(src) && src[i] != '\n' {
				i++
			}
			continue
		case strings.HasPrefix(src[i:], "/*"):
			end := strings.Index(src[i:], "*/")
			if end < 0 {
				return toks
			}
			line += strings.Count(src[i:i+end], "\n")
			if nl := strings.LastIndex(src[i:i+end], "\n"); nl >= 0 {
				lineStart = i + nl + 1
			}
			i += end + 2
			continue
		case c == '"' || c == '\'':
			for i++; i < len(src) && src[i] != c && src[i] != '\n'; i++ {
				if src[i] == '\\' {
					i++
				}
			}
			i++
			add(`"`, i-1)
		case isWord(c):
			start := i
			for i < len(src) && isWord(src[i]) {
				i++
			}
			add(src[start:i], start)
		default:
			add(src[i:i+1], i)
			i++
		}
		bol = false
	}
	return toks
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
