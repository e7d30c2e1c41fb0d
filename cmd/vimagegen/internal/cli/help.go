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

// help prints the list of verbs and topics, or one page.
func (t *tool) help(_ context.Context, args []string) error {
	if len(args) > 1 {
		return usageError{"help takes one verb, topic, analyzer or rule"}
	}
	topic := ""
	if len(args) == 1 && !strings.HasPrefix(args[0], "-") {
		topic = strings.ToLower(args[0])
	}
	text, ok := t.section(topic)
	if !ok {
		return usageError{fmt.Sprintf("no help for %q", topic) + nearest.Hint(topic, t.topics())}
	}
	fmt.Println(text)
	switch topic {
	case "":
		fmt.Print(t.contents())
	case "vet":
		fmt.Printf("\nThe analyzers are:\n\n%s", listed(analyzerLines()))
	case "process":
		table, err := perprocess.Manual()
		if err != nil {
			return err
		}
		fmt.Print(table)
	}
	return nil
}

// contents lists the verbs, in the order of their table, then the other pages,
// then the analyzers.
func (t *tool) contents() string {
	var verbs, topics []line
	for _, v := range t.verbs() {
		for p := range t.manual() {
			if p.name == v.name {
				verbs = append(verbs, line{p.name, p.summary})
			}
		}
	}
	for p := range t.manual() {
		if _, ok := t.verb(p.name); !ok && p.name != "" {
			topics = append(topics, line{p.name, p.summary})
		}
	}
	return fmt.Sprintf("\nThe verbs are:\n\n%s\nThe topics are:\n\n%s\nThe analyzers of vet are topics, and so are "+
		"their rules, as in globals/mutable:\n\n%s", listed(verbs), listed(topics), listed(analyzerLines()))
}

// A line of a list.
type line struct{ name, summary string }

func listed(lines []line) string {
	width := 0
	for _, l := range lines {
		width = max(width, len(l.name))
	}
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "\t%-*s  %s\n", width, l.name, l.summary)
	}
	return b.String()
}

func analyzerLines() (lines []line) {
	for _, a := range analyzers.All() {
		summary, _, _ := strings.Cut(a.Doc, "\n")
		lines = append(lines, line{a.Name, summary})
	}
	return lines
}

// section returns a page of the manual, or the documentation of an analyzer or
// of one of its rules.
func (t *tool) section(topic string) (text string, ok bool) {
	for name, part := range t.sections() {
		if name == topic {
			return strings.TrimSpace(part), true
		}
	}
	return "", false
}

// topics are the names of all sections.
func (t *tool) topics() (all []string) {
	for name := range t.sections() {
		all = append(all, name)
	}
	return all
}

// sections yields the manual's pages by their names, of which the first has
// none; then each analyzer by its name, and its rules, with and without the
// analyzer's name. The first of two equal names counts.
func (t *tool) sections() iter.Seq2[string, string] {
	return func(yield func(name, text string) bool) {
		for p := range t.manual() {
			if !yield(p.name, p.text) {
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

// A manualPage is the package comment of one file. It begins with a
// heading, "# Name: summary"; doc.go has none.
type manualPage struct{ name, summary, text string }

// manual yields the pages by their files' names, doc.go first.
func (t *tool) manual() iter.Seq[manualPage] {
	return func(yield func(manualPage) bool) {
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
			p := manualPage{text: file.Doc.Text()}
			if text, ok := strings.CutPrefix(p.text, "# "); ok {
				heading, text, _ := strings.Cut(text, "\n")
				p.name, p.summary, _ = strings.Cut(heading, ": ")
				p.name, p.text = strings.ToLower(p.name), text
			}
			if !yield(p) {
				return
			}
		}
	}
}

// hint returns the last line of a usage error.
func (t *tool) hint(verb string) string {
	if t != nil && verb != "" && verb != "help" {
		for p := range t.manual() {
			if p.name == verb {
				return "Run 'vimagegen help " + verb + "' for usage."
			}
		}
	}
	return "Run 'vimagegen help' for usage."
}
