// Package sarif spells findings in the Static Analysis Results Interchange
// Format, version 2.1.0, in which code hosts take them.
//
// Input: findings and the folder that their paths are told from. Output: the
// text of one log with one run. URIs are relative to %SRCROOT%, columns count
// UTF-16 code units, and each result has a fingerprint made of its rule,
// package, object and message with numbers taken out, so that it is the same
// result when lines move.
//
// Hosts limit what they take: GitHub 25,000 results, of which it shows 5,000.
package sarif

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/gate"
)

const (
	version   = "2.1.0"
	schemaURI = "https://json.schemastore.org/sarif-2.1.0.json"
	root      = "%SRCROOT%"
)

// Config says what the log tells of the tool.
type Config struct {
	Root      string // the folder that URIs are relative to
	Version   string // of vimagegen, or ""
	Analyzers []*analysis.Analyzer
}

// Format spells a log.
func Format(c Config, findings []gate.Finding) ([]byte, error) {
	s := &speller{root: c.Root, lines: map[string][]string{}, seen: map[string]int{}, numbers: regexp.MustCompile(`\d+`)}
	rules := describe(c.Analyzers, findings)
	run := object{
		"tool":       object{"driver": driver(c.Version, rules)},
		"columnKind": "utf16CodeUnits",
		"originalUriBaseIds": object{
			root: object{"description": object{"text": "the root of the repository"}},
		},
	}
	results := []object{}
	for i := range findings {
		f := &findings[i]
		index := slices.IndexFunc(rules, func(r object) bool { return r["id"] == f.ID() })
		results = append(results, s.result(f, index))
	}
	run["results"] = results
	text, err := json.MarshalIndent(object{"$schema": schemaURI, "version": version, "runs": []object{run}}, "", "  ")
	return append(text, '\n'), err
}

// An object is one of JSON, which encoding/json spells with its members sorted.
type object map[string]any

func driver(version string, rules []object) object {
	d := object{
		"name": "vimagegen", "informationUri": "https://github.com/go-vimage/vimage", "rules": rules,
	}
	if version != "" {
		d["version"] = version
	}
	return d
}

// describe returns the rules of findings, by name.
func describe(analyzers []*analysis.Analyzer, findings []gate.Finding) []object {
	byID := map[string]object{}
	for _, f := range findings {
		id := f.ID()
		if byID[id] != nil {
			continue
		}
		r := object{"id": id, "name": pascal(f.Analyzer + "-" + f.Rule), "defaultConfiguration": object{"level": "warning"}}
		for _, a := range analyzers {
			if a.Name != f.Analyzer {
				continue
			}
			summary, _, _ := strings.Cut(a.Doc, "\n")
			r["shortDescription"] = object{"text": summary}
			if a.URL != "" {
				r["helpUri"] = a.URL + finding.Anchor(f.Rule)
			}
			for rule, text := range finding.Rules(a.Doc) {
				if rule == f.Rule {
					r["help"] = object{"text": text}
				}
			}
		}
		byID[id] = r
	}
	rules := []object{}
	for _, r := range byID {
		rules = append(rules, r)
	}
	slices.SortFunc(rules, func(a, b object) int { return cmp.Compare(a["id"].(string), b["id"].(string)) })
	return rules
}

func pascal(s string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(s, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

type speller struct {
	root  string
	lines map[string][]string // of files
	seen  map[string]int      // fingerprints

	numbers *regexp.Regexp // what changes in a message when lines move
}

func (s *speller) result(f *gate.Finding, index int) object {
	r := object{
		"ruleId": f.ID(), "ruleIndex": index, "level": "warning", "message": object{"text": f.Message},
		"locations":           []object{s.location(f.Start, f.End)},
		"partialFingerprints": object{"vimage/v1": s.fingerprint(f)},
	}
	var related []object
	for _, rel := range f.Related {
		l := s.location(rel.Start, rel.End)
		l["message"] = object{"text": rel.Message}
		related = append(related, l)
	}
	if related != nil {
		r["relatedLocations"] = related
	}
	var fixes []object
	for _, fix := range f.Fixes {
		if len(fix.Edits) > 0 {
			fixes = append(fixes, s.fix(fix))
		}
	}
	if fixes != nil {
		r["fixes"] = fixes
	}
	return r
}

func (s *speller) fix(fix gate.Fix) object {
	replacements := map[string][]object{}
	for _, e := range fix.Edits {
		replacements[e.File] = append(replacements[e.File], object{
			"deletedRegion":   object{"byteOffset": e.Start, "byteLength": e.End - e.Start},
			"insertedContent": object{"text": e.New},
		})
	}
	var changes []object
	for file, r := range replacements {
		changes = append(changes, object{"artifactLocation": s.artifact(file), "replacements": r})
	}
	slices.SortFunc(changes, func(a, b object) int {
		return cmp.Compare(a["artifactLocation"].(object)["uri"].(string), b["artifactLocation"].(object)["uri"].(string))
	})
	return object{"description": object{"text": fix.Message}, "artifactChanges": changes}
}

func (s *speller) location(start, end gate.Position) object {
	physical := object{"artifactLocation": s.artifact(start.File)}
	if start.Line > 0 {
		region := object{"startLine": start.Line}
		if start.Column > 0 {
			region["startColumn"] = s.column(start)
		}
		if end != start && end.File == start.File && end.Line >= start.Line && end.Column > 0 {
			region["endLine"], region["endColumn"] = end.Line, s.column(end)
		}
		physical["region"] = region
	}
	return object{"physicalLocation": physical}
}

func (s *speller) artifact(file string) object {
	rel, err := filepath.Rel(s.root, file)
	if err != nil || !filepath.IsLocal(rel) {
		return object{"uri": (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()}
	}
	return object{"uri": (&url.URL{Path: filepath.ToSlash(rel)}).String(), "uriBaseId": root}
}

// column turns a column of bytes into one of UTF-16 code units. Where the line
// is not to be had, it stays as it is.
func (s *speller) column(p gate.Position) int {
	lines, ok := s.lines[p.File]
	if !ok {
		if text, err := os.ReadFile(p.File); err == nil {
			lines = strings.Split(string(text), "\n")
		}
		s.lines[p.File] = lines
	}
	if p.Line > len(lines) || p.Column-1 > len(lines[p.Line-1]) {
		return p.Column
	}
	units := 1
	for before := lines[p.Line-1][:p.Column-1]; before != ""; {
		r, size := utf8.DecodeRuneInString(before)
		if before = before[size:]; r > 0xffff {
			units++
		}
		units++
	}
	return units
}

// fingerprint names a result. Of several that are alike each has a number, in
// the order of their lines.
func (s *speller) fingerprint(f *gate.Finding) string {
	text := strings.Join([]string{f.ID(), f.Package, f.Object, s.numbers.ReplaceAllString(f.Message, "0")}, "\x00")
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:32]
	s.seen[sum]++
	return fmt.Sprintf("%s:%d", sum, s.seen[sum])
}
