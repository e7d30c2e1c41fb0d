package page

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// Bytes returns the memory of words, in the layout of the page.
func Bytes(words []uint64) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 8*len(words))
}

func word(w uint64) (b [8]byte) {
	binary.NativeEndian.PutUint64(b[:], w)
	return b
}

// Bool decodes a word. The functions after it do the same for their types.
func Bool(w uint64) bool { return Uint8(w) != 0 }

// Uint8 decodes a word.
func Uint8(w uint64) uint8 { b := word(w); return b[0] }

// Uint16 decodes a word.
func Uint16(w uint64) uint16 { b := word(w); return binary.NativeEndian.Uint16(b[:]) }

// Uint32 decodes a word.
func Uint32(w uint64) uint32 { b := word(w); return binary.NativeEndian.Uint32(b[:]) }

// Uint64 decodes a word.
func Uint64(w uint64) uint64 { return w }

// Int8 decodes a word.
func Int8(w uint64) int8 { return int8(Uint8(w)) }

// Int16 decodes a word.
func Int16(w uint64) int16 { return int16(Uint16(w)) }

// Int32 decodes a word.
func Int32(w uint64) int32 { return int32(Uint32(w)) }

// Int64 decodes a word.
func Int64(w uint64) int64 { return int64(w) }

// Float32 decodes a word.
func Float32(w uint64) float32 { return math.Float32frombits(Uint32(w)) }

// Float64 decodes a word.
func Float64(w uint64) float64 { return math.Float64frombits(w) }

// String decodes a string of capacity n from its bytes in the page. A length
// beyond the capacity counts as the capacity.
func String(b []byte, n int) string {
	length := binary.NativeEndian.Uint64(b[roundUp(n+1, 8):])
	return string(b[:min(length, uint64(n))])
}

// PutString encodes a string of capacity n. What is longer is cut, and
// reported.
func PutString(b []byte, n int, s string) (whole bool) {
	whole = len(s) <= n
	if !whole {
		s = s[:n]
	}
	clear(b[copy(b[:n], s) : n+1])
	binary.NativeEndian.PutUint64(b[roundUp(n+1, 8):], uint64(len(s)))
	return whole
}

// PutBool encodes a bool.
func PutBool(b []byte, v bool) {
	b[0] = 0
	if v {
		b[0] = 1
	}
}
