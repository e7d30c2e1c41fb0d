package sarif

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A schema is one in JSON Schema, draft 4, as far as SARIF's uses it. Another
// keyword is an error.
type schema struct {
	root map[string]any
	errs []string
}

func readSchema(t *testing.T) *schema {
	text, err := os.ReadFile("testdata/sarif-2.1.0-rtm.5.json")
	if err != nil {
		t.Fatal(err)
	}
	s := &schema{}
	if err := json.Unmarshal(text, &s.root); err != nil {
		t.Fatal(err)
	}
	return s
}

// validate returns what is wrong with a document.
func (s *schema) validate(doc any) []string {
	s.errs = nil
	s.check("", s.root, doc)
	return s.errs
}

func (s *schema) complain(path, format string, args ...any) {
	s.errs = append(s.errs, path+": "+fmt.Sprintf(format, args...))
}

func (s *schema) check(path string, rule map[string]any, v any) {
	for keyword, arg := range rule {
		switch keyword {
		case "$schema", "id", "title", "description", "default", "definitions":
		case "$ref":
			s.check(path, s.root["definitions"].(map[string]any)[strings.TrimPrefix(arg.(string), "#/definitions/")].(map[string]any), v)
		case "type":
			if !hasType(arg, v) {
				s.complain(path, "is no %v", arg)
			}
		case "enum":
			if !slices.ContainsFunc(arg.([]any), func(x any) bool { return reflect.DeepEqual(x, v) }) {
				s.complain(path, "%v is none of %v", v, arg)
			}
		case "anyOf", "oneOf":
			s.alternatives(path, keyword, arg.([]any), v)
		default:
			switch v := v.(type) {
			case map[string]any:
				s.object(path, keyword, rule, v)
			case []any:
				s.array(path, keyword, arg, v)
			case string:
				s.text(path, keyword, arg, v)
			case float64:
				s.number(path, keyword, arg, v)
			}
		}
		if !slices.Contains(keywords, keyword) {
			s.complain(path, "the schema says %s, which the test does not know", keyword)
		}
	}
}

var keywords = strings.Fields("$schema id title description default definitions $ref type enum anyOf oneOf properties required " +
	"additionalProperties items minItems uniqueItems pattern format minimum maximum")

func hasType(want, v any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(w any) bool { return hasType(w, v) })
	}
	ok := false
	switch want {
	case "object":
		_, ok = v.(map[string]any)
	case "array":
		_, ok = v.([]any)
	case "string":
		_, ok = v.(string)
	case "boolean":
		_, ok = v.(bool)
	case "null":
		ok = v == nil
	case "number":
		_, ok = v.(float64)
	case "integer":
		n, number := v.(float64)
		ok = number && n == float64(int64(n))
	}
	return ok
}

func (s *schema) alternatives(path, keyword string, rules []any, v any) {
	fit := 0
	for _, r := range rules {
		one := &schema{root: s.root}
		if one.check(path, r.(map[string]any), v); one.errs == nil {
			fit++
		}
	}
	if fit == 0 || keyword == "oneOf" && fit > 1 {
		s.complain(path, "fits %d of %s", fit, keyword)
	}
}

func (s *schema) object(path, keyword string, rule, v map[string]any) {
	properties, _ := rule["properties"].(map[string]any)
	switch keyword {
	case "required":
		for _, name := range rule["required"].([]any) {
			if _, ok := v[name.(string)]; !ok {
				s.complain(path, "has no %s", name)
			}
		}
	case "properties":
		for name, r := range properties {
			if member, ok := v[name]; ok {
				s.check(path+"/"+name, r.(map[string]any), member)
			}
		}
	case "additionalProperties":
		for name, member := range v {
			if properties[name] != nil {
				continue
			}
			switch extra := rule[keyword].(type) {
			case bool:
				if !extra {
					s.complain(path, "may not have %s", name)
				}
			case map[string]any:
				s.check(path+"/"+name, extra, member)
			}
		}
	}
}

func (s *schema) array(path, keyword string, arg any, v []any) {
	switch keyword {
	case "items":
		for i, item := range v {
			s.check(fmt.Sprintf("%s/%d", path, i), arg.(map[string]any), item)
		}
	case "minItems":
		if len(v) < int(arg.(float64)) {
			s.complain(path, "has fewer than %v items", arg)
		}
	case "uniqueItems":
		for i, x := range v {
			if arg == true && slices.ContainsFunc(v[:i], func(y any) bool { return reflect.DeepEqual(x, y) }) {
				s.complain(path, "has %v twice", x)
			}
		}
	}
}

func (s *schema) text(path, keyword string, arg any, v string) {
	switch keyword {
	case "pattern":
		if !regexp.MustCompile(arg.(string)).MatchString(v) {
			s.complain(path, "%q does not match %s", v, arg)
		}
	case "format":
		u, err := url.Parse(v)
		if (arg == "uri" || arg == "uri-reference") && err != nil || arg == "uri" && !u.IsAbs() {
			s.complain(path, "%q is no %s", v, arg)
		}
	}
}

func (s *schema) number(path, keyword string, arg any, v float64) {
	if keyword == "minimum" && v < arg.(float64) || keyword == "maximum" && v > arg.(float64) {
		s.complain(path, "%v is beyond the %s, %v", v, keyword, arg)
	}
}
