package vimage

import (
	"errors"
	"os"
	"strconv"
	"strings"
)

// An imageLine is what a line of -vimage.args says of one image.
type imageLine struct {
	env  []string // KEY=VALUE, beside the process's environment
	args []string // behind the process's arguments
}

// readArgsFile reads a file with a line for each image. Empty lines, and those
// that begin with #, are for none.
func readArgsFile(file string) ([]imageLine, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var lines []imageLine
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		l, err := readImageLine(line)
		if err != nil {
			return nil, errors.New(file + ":" + strconv.Itoa(number) + ": " + err.Error())
		}
		lines = append(lines, l)
	}
	if lines == nil {
		return nil, errors.New(file + ": no line that is for an image")
	}
	return lines, nil
}

// readImageLine reads words as env(1) reads its arguments: assignments first.
// The word -- ends them, for an argument that looks like one.
func readImageLine(line string) (l imageLine, err error) {
	words, err := splitWords(line)
	if err != nil {
		return l, err
	}
	for len(words) > 0 && isAssignment(words[0]) {
		l.env = append(l.env, words[0])
		words = words[1:]
	}
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	l.args = words
	return l, nil
}

func isAssignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	if !ok || name == "" || '0' <= name[0] && name[0] <= '9' {
		return false
	}
	for _, c := range name {
		if c != '_' && (c < '0' || '9' < c) && (c < 'A' || 'Z' < c) && (c < 'a' || 'z' < c) {
			return false
		}
	}
	return true
}

// splitWords splits a line as a shell does that expands nothing: '...' is taken
// as it is, in "..." and outside of quotes a backslash makes the next character
// an ordinary one.
func splitWords(line string) (words []string, err error) {
	var word []byte
	var quote byte
	started := false // so that '' is a word
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case c == '\\' && quote != '\'':
			if i++; i == len(line) {
				return nil, errors.New("nothing follows the backslash at the end of the line")
			}
			if next := line[i]; quote == '"' && next != '"' && next != '\\' {
				word = append(word, c)
			}
			word, started = append(word, line[i]), true
		case quote != 0:
			word = append(word, c)
		case c == '\'' || c == '"':
			quote, started = c, true
		case c == ' ' || c == '\t':
			if started {
				words = append(words, string(word))
			}
			word, started = word[:0], false
		default:
			word, started = append(word, c), true
		}
	}
	if quote != 0 {
		return nil, errors.New("the quote " + string(quote) + " is not closed")
	}
	if started {
		words = append(words, string(word))
	}
	return words, nil
}
