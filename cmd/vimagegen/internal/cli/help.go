package cli

import (
	"fmt"
	"go/parser"
	"go/token"
	"strings"
)

// help prints the manual's first part, or the part of a verb or topic.
func (t *tool) help(args []string) error {
	if len(args) > 1 {
		return usageError{"help takes one verb or topic"}
	}
	topic := ""
	if len(args) == 1 && !strings.HasPrefix(args[0], "-") {
		topic = args[0]
	}
	text, ok := t.section(topic)
	if !ok {
		return usageError{"no help for " + topic}
	}
	fmt.Println(text)
	return nil
}

// section returns a part of the manual. Its parts begin with headings of one word, the first has none.
func (t *tool) section(topic string) (string, bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", t.doc, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil || file.Doc == nil {
		return "", false
	}
	for i, part := range strings.Split("\n"+file.Doc.Text(), "\n# ") {
		heading, text := "", part
		if i > 0 {
			heading, text, _ = strings.Cut(part, "\n")
		}
		if strings.EqualFold(heading, topic) {
			return strings.TrimSpace(text), true
		}
	}
	return "", false
}

// hint returns the last line of a usage error.
func (t *tool) hint(verb string) string {
	if t != nil {
		if _, ok := t.section(verb); ok && verb != "" {
			return "Run 'vimagegen help " + verb + "' for usage."
		}
	}
	return "Run 'vimagegen help' for usage."
}
