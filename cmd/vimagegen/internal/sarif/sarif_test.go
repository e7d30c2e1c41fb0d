package sarif

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/cmd/vimagegen/internal/gate"
)

// sample returns a log with all that a log can have, for a file in dir.
func sample(t *testing.T, dir, source string, line int, message string) map[string]any {
	t.Helper()
	file := filepath.Join(dir, "sub", "a b.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	at := func(column int) gate.Position { return gate.Position{File: file, Line: line, Column: column} }
	column := strings.Index(strings.Split(source, "\n")[line-1], "vnet") + 1
	f := gate.Finding{
		Analyzer: "collisions", Rule: "reserved-name", Package: "example.com/m", Object: "vnet_m",
		Start: at(column), End: at(column + len("vnet_m")), Message: message,
		Related: []gate.Related{{Start: gate.Position{File: "/elsewhere/b.go", Line: 3}, Message: "here"}},
		Fixes:   []gate.Fix{{Message: "rename", Edits: []gate.Edit{{File: file, Start: 3, End: 5, New: "x"}}}},
	}
	config := Config{Root: dir, Analyzers: []*analysis.Analyzer{{Name: "collisions", Doc: "report names", URL: "https://example.com/c"}}}
	text, err := Format(config, []gate.Finding{f, f})
	if err != nil {
		t.Fatal(err)
	}
	var log map[string]any
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	return log
}

// at walks into a document, by names and indices.
func at(doc any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			doc = doc.(map[string]any)[step]
		case int:
			doc = doc.([]any)[step]
		}
	}
	return doc
}

const source = "package m\n\nvar ä, 𝄞, vnet_m int\n"

func TestValid(t *testing.T) {
	s := readSchema(t)
	if errs := s.validate(sample(t, t.TempDir(), source, 3, "bad name")); errs != nil {
		t.Error(strings.Join(errs, "\n"))
	}
	empty, err := Format(Config{Root: t.TempDir()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var log any
	if err := json.Unmarshal(empty, &log); err != nil {
		t.Fatal(err)
	}
	if errs := s.validate(log); errs != nil {
		t.Error(strings.Join(errs, "\n"))
	}
}

// TestInvalid breaks a log in each way that the schema forbids, and wants that
// seen.
func TestInvalid(t *testing.T) {
	s := readSchema(t)
	result := func(log map[string]any) map[string]any { return at(log, "runs", 0, "results", 0).(map[string]any) }
	region := func(log map[string]any) map[string]any {
		return at(result(log), "locations", 0, "physicalLocation", "region").(map[string]any)
	}
	for name, break1 := range map[string]func(log map[string]any){
		"version":           func(log map[string]any) { log["version"] = "2.0.0" },
		"no runs":           func(log map[string]any) { delete(log, "runs") },
		"unknown property":  func(log map[string]any) { result(log)["rule"] = "x" },
		"no message":        func(log map[string]any) { delete(result(log), "message") },
		"message of number": func(log map[string]any) { result(log)["message"] = map[string]any{"text": 1.0} },
		"level":             func(log map[string]any) { result(log)["level"] = "bad" },
		"line 0":            func(log map[string]any) { region(log)["startLine"] = 0.0 },
		"half a line":       func(log map[string]any) { region(log)["startLine"] = 1.5 },
		"fingerprint":       func(log map[string]any) { at(result(log), "partialFingerprints").(map[string]any)["a"] = 1.0 },
		"same rule twice": func(log map[string]any) {
			driver := at(log, "runs", 0, "tool", "driver").(map[string]any)
			driver["rules"] = []any{at(driver, "rules", 0), at(driver, "rules", 0)}
		},
		"help is no URI": func(log map[string]any) {
			at(log, "runs", 0, "tool", "driver", "rules", 0).(map[string]any)["helpUri"] = "c"
		},
		"column kind": func(log map[string]any) { at(log, "runs", 0).(map[string]any)["columnKind"] = "bytes" },
		"no replacements": func(log map[string]any) {
			delete(at(result(log), "fixes", 0, "artifactChanges", 0).(map[string]any), "replacements")
		},
	} {
		log := sample(t, t.TempDir(), source, 3, "bad name")
		break1(log)
		if s.validate(log) == nil {
			t.Errorf("%s: not seen", name)
		}
	}
}

func TestPlaces(t *testing.T) {
	result := at(sample(t, t.TempDir(), source, 3, "bad name"), "runs", 0, "results", 0)
	location := at(result, "locations", 0, "physicalLocation")
	if uri := at(location, "artifactLocation", "uri"); uri != "sub/a%20b.go" {
		t.Errorf("uri %v", uri)
	}
	if base := at(location, "artifactLocation", "uriBaseId"); base != "%SRCROOT%" {
		t.Errorf("uriBaseId %v", base)
	}
	// var ä, 𝄞, is 11 units, of which 𝄞 is two; in bytes it is 14.
	if start, end := at(location, "region", "startColumn"), at(location, "region", "endColumn"); start != 12.0 || end != 18.0 {
		t.Errorf("columns %v to %v", start, end)
	}
	if uri := at(result, "relatedLocations", 0, "physicalLocation", "artifactLocation", "uri"); uri != "file:///elsewhere/b.go" {
		t.Errorf("related uri %v", uri)
	}
}

func TestFingerprints(t *testing.T) {
	print := func(source string, line int, message string, i int) string {
		return at(sample(t, t.TempDir(), source, line, message), "runs", 0, "results", i, "partialFingerprints", "vimage/v1").(string)
	}
	first := print(source, 3, "bad name (a.go:3)", 0)
	if moved := print("package m\n\n\n\nvar vnet_m int\n", 5, "bad name (a.go:5)", 0); moved != first {
		t.Errorf("%s became %s when its line moved", first, moved)
	}
	if second := print(source, 3, "bad name (a.go:3)", 1); second == first {
		t.Error("two results of one fingerprint")
	}
	if other := print(source, 3, "another message", 0); other == first {
		t.Error("two messages of one fingerprint")
	}
}

func TestNames(t *testing.T) {
	rule := at(sample(t, t.TempDir(), source, 3, "bad name"), "runs", 0, "tool", "driver", "rules", 0)
	if id, name := at(rule, "id"), at(rule, "name"); id != "collisions/reserved-name" || name != "CollisionsReservedName" {
		t.Errorf("rule %v, named %v", id, name)
	}
}
