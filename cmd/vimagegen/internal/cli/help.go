package cli

import (
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"strings"

	"github.com/go-vimage/vimage/analyzers"
	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/perprocess"
	"github.com/go-vimage/vimage/internal/nearest"
)

// help prints the manual's first part, or the part of a verb or topic.
func (t *tool) help(_ context.Context, args []string) error {
	if len(args) > 1 {
		return usageError{"help takes one verb, topic, analyzer or rule"}
	}
	topic := ""
	if len(args) == 1 && !strings.HasPrefix(args[0], "-") {
		topic = args[0]
	}
	text, ok := t.section(topic)
	if !ok {
		return usageError{fmt.Sprintf("no help for %q", topic) + nearest.Hint(topic, t.topics())}
	}
	fmt.Println(text)
	if !strings.EqualFold(topic, "process") {
		return nil
	}
	table, err := perprocess.Manual()
	if err != nil {
		return err
	}
	fmt.Print(table)
	return nil
}

// section returns a part of the manual, or the documentation of an analyzer or of one of its rules.
func (t *tool) section(topic string) (text string, ok bool) {
	for heading, part := range t.sections() {
		if strings.EqualFold(heading, topic) {
			return strings.TrimSpace(part), true
		}
	}
	return "", false
}

// topics are the headings of the parts, as a user types them.
func (t *tool) topics() (all []string) {
	for heading := range t.sections() {
		all = append(all, strings.ToLower(heading))
	}
	return all
}

// sections yields the manual's parts, which begin with headings of one word, the first has none; then each analyzer
// by its name, and its rules, with and without the analyzer's name. The first of two equal headings counts.
func (t *tool) sections() iter.Seq2[string, string] {
	return func(yield func(heading, text string) bool) {
		for heading, text := range t.manual() {
			if !yield(heading, text) {
				return
			}
		}
		for _, a := range analyzers.All() {
			if !yield(a.Name, a.Name+": "+a.Doc) {
				return
			}
			for rule, text := range finding.Rules(a.Doc) {
				text = a.Name + "/" + rule + ": " + text
				if !yield(a.Name+"/"+rule, text) || !yield(rule, text) {
					return
				}
			}
		}
	}
}

// manual yields the manual's pages by their headings; the first has none.
func (t *tool) manual() iter.Seq2[string, string] {
	return func(yield func(heading, text string) bool) {
		names, err := fs.Glob(t.docs, "doc*.go") // sorted: doc.go is the first
		if err != nil {
			return
		}
		for _, name := range names {
			src, err := fs.ReadFile(t.docs, name)
			if err != nil {
				return
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil || file.Doc == nil {
				return
			}
			text, heading := file.Doc.Text(), ""
			if page, ok := strings.CutPrefix(text, "# "); ok {
				heading, text, _ = strings.Cut(page, "\n")
			}
			if !yield(heading, text) {
				return
			}
		}
	}
}

// hint returns the last line of a usage error.
func (t *tool) hint(verb string) string {
	if t != nil && verb != "" {
		for heading := range t.manual() {
			if strings.EqualFold(heading, verb) {
				return "Run 'vimagegen help " + verb + "' for usage."
			}
		}
	}
	return "Run 'vimagegen help' for usage."
}
