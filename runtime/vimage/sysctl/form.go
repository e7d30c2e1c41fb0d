package sysctl

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Limit narrows the values of a sysctl.
type Limit struct {
	kind   string
	values []any
}

// Min and Max bound numbers and durations. v is a value of the sysctl's type,
// an int, or a string that spells one.
func Min(v any) Limit { return Limit{"min", []any{v}} }

// Max is the counterpart of Min.
func Max(v any) Limit { return Limit{"max", []any{v}} }

// OneOf lists the values that there are, spelled as for Min.
func OneOf(values ...any) Limit { return Limit{"oneof", values} }

// Enum names the values 0, 1 and so on of an integer, which is shown and set by
// these names.
func Enum(names ...string) Limit {
	l := Limit{kind: "enum"}
	for _, name := range names {
		l.values = append(l.values, name)
	}
	return l
}

// form is a type with its limits.
type form struct {
	t        reflect.Type
	name     string
	min, max reflect.Value // invalid if there is none
	oneOf    []reflect.Value
	enum     []string
}

// newForm returns a form, or says what is wrong with the limits.
func newForm(t reflect.Type, limits []Limit) (form, string) {
	f := form{t: t, name: t.Kind().String()}
	if t == reflect.TypeFor[time.Duration]() {
		f.name = "duration"
	}
	for _, l := range limits {
		if l.kind == "enum" {
			if !f.integer() || len(l.values) == 0 {
				return f, "enum wants an integer and at least one name"
			}
			for _, v := range l.values {
				f.enum = append(f.enum, v.(string))
			}
			continue
		}
		for _, x := range l.values {
			v, why := f.value(x)
			if why != "" {
				return f, l.kind + ": " + why
			}
			switch {
			case l.kind == "oneof":
				f.oneOf = append(f.oneOf, v)
			case t.Kind() == reflect.Bool || t.Kind() == reflect.String:
				return f, l.kind + " wants a number"
			case l.kind == "min":
				f.min = v
			default:
				f.max = v
			}
		}
	}
	if f.min.IsValid() && f.max.IsValid() && less(f.max, f.min) {
		return f, "max is less than min"
	}
	return f, ""
}

func (f *form) integer() bool {
	return f.name != "duration" && (f.t.Kind() >= reflect.Int && f.t.Kind() <= reflect.Uintptr)
}

// value makes a value of the form's type of x, or says why there is none.
func (f *form) value(x any) (reflect.Value, string) {
	v := reflect.New(f.t).Elem()
	switch x := x.(type) {
	case string:
		return v, f.parse(v, x)
	case int:
		if f.t.Kind() == reflect.Bool || f.t.Kind() == reflect.String {
			break
		}
		if f.name == "duration" && x != 0 && f.t != reflect.TypeOf(x) {
			break // of which unit?
		}
		return v, f.parse(v, strconv.Itoa(x))
	}
	if x != nil && reflect.TypeOf(x) == f.t {
		v.Set(reflect.ValueOf(x))
		return v, ""
	}
	return v, fmt.Sprintf("want %s, not %T", f.name, x)
}

// parse sets v to what the text spells. What the type cannot hold is of the
// wrong type, whatever the limits.
func (f *form) parse(v reflect.Value, text string) string {
	if i := slices.Index(f.enum, text); i >= 0 {
		text = strconv.Itoa(i)
	}
	var err error
	switch kind := v.Kind(); {
	case f.name == "duration":
		var d time.Duration
		if d, err = time.ParseDuration(text); err == nil {
			v.SetInt(int64(d))
		}
	case kind == reflect.String:
		v.SetString(text)
	case kind == reflect.Bool:
		var b bool
		if b, err = strconv.ParseBool(text); err == nil {
			v.SetBool(b)
		}
	case v.CanInt():
		var i int64
		if i, err = strconv.ParseInt(text, 0, v.Type().Bits()); err == nil {
			v.SetInt(i)
		}
	case v.CanUint():
		var u uint64
		if u, err = strconv.ParseUint(text, 0, v.Type().Bits()); err == nil {
			v.SetUint(u)
		}
	default:
		var x float64
		if x, err = strconv.ParseFloat(text, v.Type().Bits()); err == nil {
			v.SetFloat(x)
		}
	}
	switch {
	case err == nil:
		return ""
	case errors.Is(err, strconv.ErrRange):
		return strconv.Quote(text) + " does not fit into " + f.name
	case f.enum != nil:
		return "want one of " + strings.Join(f.enum, ", ") + ", not " + strconv.Quote(text)
	}
	return "want " + f.name + ", not " + strconv.Quote(text)
}

// check says how v is beyond the limits, or returns "".
func (f *form) check(v reflect.Value) string {
	switch {
	case f.enum != nil && (v.CanInt() && (v.Int() < 0 || v.Int() >= int64(len(f.enum))) || v.CanUint() && v.Uint() >= uint64(len(f.enum))):
		return "want one of " + strings.Join(f.enum, ", ") + ", not " + f.text(v)
	case f.min.IsValid() && !(less(f.min, v) || f.min.Equal(v)):
		return f.text(v) + " is less than " + f.text(f.min)
	case f.max.IsValid() && !(less(v, f.max) || f.max.Equal(v)):
		return f.text(v) + " is more than " + f.text(f.max)
	case f.oneOf != nil && !slices.ContainsFunc(f.oneOf, v.Equal):
		return "want one of " + strings.Join(f.choices(), ", ") + ", not " + f.text(v)
	}
	return ""
}

func less(a, b reflect.Value) bool {
	switch {
	case a.CanInt():
		return a.Int() < b.Int()
	case a.CanUint():
		return a.Uint() < b.Uint()
	case a.CanFloat():
		return a.Float() < b.Float()
	}
	return false
}

// text spells a value so that parse reads it again.
func (f *form) text(v reflect.Value) string {
	switch {
	case f.name == "duration":
		return time.Duration(v.Int()).String()
	case v.CanInt():
		if i := v.Int(); 0 <= i && i < int64(len(f.enum)) {
			return f.enum[i]
		}
		return strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		if u := v.Uint(); u < uint64(len(f.enum)) {
			return f.enum[u]
		}
		return strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		x := v.Float()
		if math.IsNaN(x) {
			return "NaN"
		}
		return strconv.FormatFloat(x, 'g', -1, v.Type().Bits())
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool())
	}
	return v.String()
}

func (f *form) bound(v reflect.Value) string {
	if !v.IsValid() {
		return ""
	}
	return f.text(v)
}

func (f *form) choices() []string {
	if f.enum != nil {
		return slices.Clone(f.enum)
	}
	var list []string
	for _, v := range f.oneOf {
		list = append(list, f.text(v))
	}
	return list
}
