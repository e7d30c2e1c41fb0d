package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/report"
	"github.com/go-vimage/vimage/internal/archives"
)

// analyze reports on the program of an archive.
func analyze(t *testing.T, archive string) *report.Report {
	t.Helper()
	dir := t.TempDir()
	archives.Read(t, archive).Unpack(t, dir)
	p, err := gen.Analyze(context.Background(), gen.Request{
		Dir: dir, Env: append(os.Environ(), "GOFLAGS=", "GOWORK=off", "PWD="+dir), Patterns: []string{"./..."}, Slot: "g",
	})
	if err != nil {
		t.Fatal(err)
	}
	return report.New(p, report.Options{})
}

func page(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteHTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The page is one document without a network, and what the program says is text
// in it, never markup or script.
func TestHTML(t *testing.T) {
	text := page(t, analyze(t, "testdata/hostile.txtar"))
	if err := checkPage(text); err != "" {
		t.Error(err)
	}
	for _, want := range []string{
		`<dt>Variables</dt><dd>4</dd>`,
		`data-path="example.com/hostile" data-module="example.com/hostile"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	var data struct {
		Vars []struct {
			N, T string
			A    int
		}
		Places [][]any
	}
	if err := json.Unmarshal([]byte(dataOf(text)), &data); err != nil {
		t.Fatal(err)
	}
	if len(data.Vars) != 4 {
		t.Fatalf("%d variables", len(data.Vars))
	}
	if got, want := data.Places[data.Vars[0].A][2], "var script = `</script><script>alert(1)</script>` // <b>&amp;\u2028<i>"; got != want {
		t.Errorf("source line %q, want %q", got, want)
	}

	// What the check is for, it finds.
	for what, broken := range map[string]string{
		"script":  strings.Replace(text, dataOf(text), strings.ReplaceAll(dataOf(text), `\u003c`, "<"), 1),
		"network": strings.Replace(text, "<body>", `<body><img src="https://example.com/x.png">`, 1),
		"import":  strings.Replace(text, "<style>", `<style>@import "x.css";`, 1),
	} {
		if broken == text || checkPage(broken) == "" {
			t.Errorf("%s: the check finds nothing", what)
		}
	}
}

func dataOf(text string) string {
	_, rest, _ := strings.Cut(text, `id="data">`)
	data, _, _ := strings.Cut(rest, "</script>")
	return data
}

// checkPage tells what is wrong with a page's outside, "" if nothing is.
func checkPage(text string) string {
	if n := strings.Count(text, "<script"); n != 2 || strings.Count(text, "</script>") != 2 {
		return "not two scripts: the data and the code"
	}
	if !json.Valid([]byte(dataOf(text))) {
		return "the data is no JSON"
	}
	outside := strings.Replace(text, dataOf(text), "", 1)
	if m := regexp.MustCompile(`(?i)https?://|\bsrc=|@import|url\(|\bfetch\(|XMLHttpRequest`).FindString(outside); m != "" {
		return "the page loads something: " + m
	}
	for _, m := range regexp.MustCompile(`\bhref="([^"]*)"`).FindAllStringSubmatch(outside, -1) {
		if m[1] != "data:," {
			return "the page refers to " + m[1]
		}
	}
	open := map[string]int{}
	for _, m := range regexp.MustCompile(`<(/?)(html|head|body|main|section|table|thead|tbody|tr|th|td|form|button|dl|div|nav|p|h[12])\b`).FindAllStringSubmatch(outside, -1) {
		if m[1] == "" {
			open[m[2]]++
		} else {
			open[m[2]]--
		}
	}
	for tag, n := range open {
		if n != 0 {
			return "unbalanced " + tag
		}
	}
	return ""
}

// Without variables, and limited to one fate, it is still a page.
func TestEmpty(t *testing.T) {
	r := analyze(t, "testdata/hostile.txtar")
	r.Only("refused")
	text := page(t, r)
	if err := checkPage(text); err != "" {
		t.Error(err)
	}
	if !strings.Contains(text, "Only refused variables are listed") {
		t.Error("the page does not say what it leaves out")
	}
	if err := checkPage(page(t, &report.Report{})); err != "" {
		t.Error(err)
	}
}

// Each field of the JSON document stands in the package's comment and in the manual.
func TestSchema(t *testing.T) {
	for _, file := range []string{"doc.go", "../../cmd/vimagegen/doc_schema.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range fields(reflect.TypeFor[report.Report]()) {
			if !regexp.MustCompile(`\b` + name + `\b`).Match(text) {
				t.Errorf("%s does not mention the field %s", file, name)
			}
		}
	}
}

// fields lists the JSON names of a type's fields, and those of the types that it is made of.
func fields(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	var out []string
	if t.Kind() != reflect.Struct {
		return nil
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && name != "" && name != "-" {
			out = append(out, name)
		}
		if f.IsExported() {
			out = append(out, fields(f.Type)...)
		}
	}
	return out
}
