package self

import (
	"encoding/binary"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/runtime/vdso/page"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

// A row is a variable with its value of now.
type row struct {
	name  string
	kind  string // as page.ParseType has it
	value any    // uint64, int64, float64, bool or string
}

// A stat is a named counter.
type stat struct {
	name string
	s    interface{ SumAny() any }
}

// rows returns all variables of the page.
func (p *Page) rows() []row {
	im := p.im
	parent := int64(-1)
	if up := im.Parent(); up != nil && up.Context().Err() == nil {
		parent = int64(up.ID())
	}
	offset, rate := int64(0), 1.0
	if c, ok := im.Clock(); ok {
		offset, rate = int64(c.Offset()), c.Rate()
	}
	rows := []row{
		{"Image", "uint64", im.ID()},
		{"Name", "string[64]", im.Name()},
		{"State", "string[16]", im.State().String()},
		{"Pid", "uint64", uint64(Pid())},
		{"Parent", "uint64", uint64(Parent())},
		{"ParentImage", "int64", parent},
		{"ClockOffset", "int64", offset},
		{"ClockRate", "float64", rate},
		{"Created", "int64", im.Created().UnixNano()},
	}
	seen := map[string]bool{}
	add := func(name string, v reflect.Value) {
		if r, ok := rowOf(name, v); ok && !seen[name] {
			seen[name] = true
			rows = append(rows, r)
		}
	}
	for _, info := range sysctl.List("") {
		add("sys_"+identifier(info.Name), reflect.ValueOf(info.Value))
	}
	for _, s := range p.stats {
		flatten("stat_"+identifier(s.name), reflect.ValueOf(s.s.SumAny()), add)
	}
	return rows
}

// flatten lists the integers of a counter.
func flatten(name string, v reflect.Value, add func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			flatten(name+"_"+v.Type().Field(i).Name, v.Field(i), add)
		}
	case reflect.Array:
		for i := range v.Len() {
			flatten(name+"_"+strconv.Itoa(i), v.Index(i), add)
		}
	default:
		add(name, v)
	}
}

// rowOf returns a row for a value. It reports false for a type that has none.
func rowOf(name string, v reflect.Value) (row, bool) {
	switch v.Kind() {
	case reflect.Bool:
		return row{name, "bool", v.Bool()}, true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return row{name, "int64", v.Int()}, true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return row{name, "uint64", v.Uint()}, true
	case reflect.Float32, reflect.Float64:
		return row{name, "float64", v.Float()}, true
	case reflect.String:
		return row{name, "string[128]", v.String()}, true
	}
	return row{}, false
}

// identifier makes a name of C.
func identifier(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
}

// schemaOf returns the page of some rows.
func schemaOf(rows []row) page.Schema {
	s := page.Schema{Name: "image", Version: "1.0"}
	for _, r := range rows {
		s.Vars = append(s.Vars, page.Var{Name: r.name, Type: r.kind, Version: "1.0"})
	}
	return s
}

// put lays rows out as the schema does.
func put(b []byte, s page.Schema, rows []row) {
	slots, _, err := s.Layout()
	if err != nil {
		return // the page was not created then
	}
	for i, slot := range slots {
		at := b[slot.Offset:]
		switch v := rows[i].value.(type) {
		case bool:
			page.PutBool(at, v)
		case int64:
			binary.NativeEndian.PutUint64(at, uint64(v))
		case uint64:
			binary.NativeEndian.PutUint64(at, v)
		case float64:
			binary.NativeEndian.PutUint64(at, math.Float64bits(v))
		case string:
			page.PutString(at, slot.Kind.Len, v)
		}
	}
}
