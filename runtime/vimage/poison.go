//go:build vimage_debug

package vimage

import (
	"math"
	"reflect"
	"unsafe"
)

// poisonText is what strings of a closed image hold.
const poisonText = "vimage: variable of a closed image"

// poisoner returns what fills the image's containers with poison. It is called
// before the image ends, what it returns after.
func (im *Image) poisoner() func() {
	containers := im.Containers()
	return func() {
		for _, c := range containers {
			if v := reflect.ValueOf(c.Value); v.Kind() == reflect.Pointer && !v.IsNil() {
				poison(v.Elem())
			}
		}
	}
}

// poison writes what nobody takes for a value: numbers of 0xA5 bytes, NaN, a
// text; references become nil, since the garbage collector looks at them.
func poison(v reflect.Value) {
	v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem() // also what is not exported
	const pattern = 0xA5A5A5A5A5A5A5A5
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "_" { // a container's head stays, by which the runtime recognises it
				poison(v.Field(i))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p := uint64(pattern)
		v.SetInt(int64(p))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(pattern)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(math.NaN())
	case reflect.Complex64, reflect.Complex128:
		v.SetComplex(complex(math.NaN(), math.NaN()))
	case reflect.String:
		v.SetString(poisonText)
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetZero()
	}
}
