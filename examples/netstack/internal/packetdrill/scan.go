package packetdrill

import (
	"strconv"
	"strings"
	"time"
)

// A scanner reads a script. What is malformed panics with an error, which Parse
// returns.
type scanner struct {
	name string
	s    string
	at   int
}

// A syntaxError is a malformed script's.
type syntaxError struct{ msg string }

func (e syntaxError) Error() string { return e.msg }

func (s *scanner) line() int { return 1 + strings.Count(s.s[:s.at], "\n") }

func (s *scanner) fail(msg string) {
	panic(syntaxError{s.name + ":" + strconv.Itoa(s.line()) + ": " + msg})
}

// space skips white space and comments, and reports whether something is left.
func (s *scanner) space() bool {
	for s.at < len(s.s) {
		rest := s.s[s.at:]
		switch {
		case strings.HasPrefix(rest, "//"):
			s.skipTo("\n")
		case strings.HasPrefix(rest, "/*"):
			s.skipTo("*/")
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			s.at++
		default:
			return true
		}
	}
	return false
}

// skipTo goes behind the next end, or to the script's.
func (s *scanner) skipTo(end string) {
	if i := strings.Index(s.s[s.at:], end); i >= 0 {
		s.at += i + len(end)
	} else {
		s.at = len(s.s)
	}
}

// peek returns the next byte that is no space, or 0.
func (s *scanner) peek() byte {
	if !s.space() {
		return 0
	}
	return s.s[s.at]
}

// accept skips the text if it is next.
func (s *scanner) accept(text string) bool {
	if s.space() && strings.HasPrefix(s.s[s.at:], text) {
		s.at += len(text)
		return true
	}
	return false
}

func (s *scanner) expect(text string) {
	if !s.accept(text) {
		s.fail("want " + strconv.Quote(text))
	}
}

// quoted returns the text up to end, which is skipped.
func (s *scanner) quoted(end string) string {
	i := strings.Index(s.s[s.at:], end)
	if i < 0 {
		s.fail("want " + strconv.Quote(end))
	}
	text := s.s[s.at : s.at+i]
	s.at += i + len(end)
	return text
}

// of returns the run of the given bytes that is next.
func (s *scanner) of(is func(c byte) bool) string {
	s.space()
	from := s.at
	for s.at < len(s.s) && is(s.s[s.at]) {
		s.at++
	}
	return s.s[from:s.at]
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func wordByte(c byte) bool {
	return digit(c) || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// keyword accepts a whole word.
func (s *scanner) keyword(word string) bool {
	at := s.at
	if s.of(wordByte) == word {
		return true
	}
	s.at = at
	return false
}

func (s *scanner) number() uint32 {
	text := s.of(digit)
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		s.fail("want a number, not " + strconv.Quote(text))
	}
	return uint32(n)
}

// seconds reads a time: digits with at most one point, which a range's points may follow.
func (s *scanner) seconds() time.Duration {
	s.space()
	from, point := s.at, false
	for s.at < len(s.s) {
		c := s.s[s.at]
		if c == '.' && !point && !strings.HasPrefix(s.s[s.at:], "...") {
			point = true
		} else if !digit(c) {
			break
		}
		s.at++
	}
	f, err := strconv.ParseFloat(s.s[from:s.at], 64)
	if err != nil {
		s.fail("want a time")
	}
	return time.Duration(f*1e6+.5) * time.Microsecond
}

// balanced returns the text up to the closing bracket of the one before it, by
// top-level commas.
func (s *scanner) balanced() (parts []string) {
	depth, from := 0, s.at
	for ; s.at < len(s.s); s.at++ {
		switch c := s.s[s.at]; {
		case c == '(' || c == '[' || c == '{':
			depth++
		case (c == ')' || c == ']' || c == '}') && depth > 0:
			depth--
		case c == ')':
			if part := strings.TrimSpace(s.s[from:s.at]); part != "" || len(parts) > 0 {
				parts = append(parts, part)
			}
			s.at++
			return parts
		case c == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(s.s[from:s.at]))
			from = s.at + 1
		}
	}
	s.fail("want )")
	return nil
}
