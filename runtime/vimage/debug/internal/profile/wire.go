package profile

import (
	"encoding/binary"
	"errors"
)

var errTruncated = errors.New("the protocol buffer is truncated")

// A field is one of a message. Its value is in num, or in bytes if it is a
// string, a message or a packed list.
type field struct {
	number int
	num    uint64
	bytes  []byte
	packed bool
}

// nums returns the values of a repeated number: one, or a packed list.
func (f field) nums() ([]uint64, error) {
	if !f.packed {
		return []uint64{f.num}, nil
	}
	var list []uint64
	for b := f.bytes; len(b) > 0; {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, errTruncated
		}
		list = append(list, v)
		b = b[n:]
	}
	return list, nil
}

// eachField calls do with the fields of a message.
func eachField(message []byte, do func(field) error) error {
	for b := message; len(b) > 0; {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return errTruncated
		}
		b = b[n:]
		f := field{number: int(key >> 3)}
		size := 0
		switch key & 7 {
		case 0: // a number
			f.num, size = binary.Uvarint(b)
		case 1: // 8 bytes
			size = 8
		case 2: // bytes
			count, n := binary.Uvarint(b)
			if n <= 0 || count > uint64(len(b)-n) {
				return errTruncated
			}
			f.bytes, f.packed = b[n:n+int(count)], true
			size = n + int(count)
		case 5: // 4 bytes
			size = 4
		default:
			return errors.New("the protocol buffer has a field of unknown type")
		}
		if size <= 0 || size > len(b) {
			return errTruncated
		}
		b = b[size:]
		if err := do(f); err != nil {
			return err
		}
	}
	return nil
}
