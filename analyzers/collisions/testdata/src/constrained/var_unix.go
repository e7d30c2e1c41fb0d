//go:build !windows

package constrained

import "os"

var handle int // want `variable handle has type int here and has type uintptr at var_windows.go:7`

var last *os.File // the same type, spelled by another name of the import

var table = [2]string{"a", "b"} // another length there, but nothing changes it

var buf []byte

var count int // want `variable count has type int here and is a constant at var_windows.go:15`

var made = map[string]int{} // want `variable made has type map\[string\]int here and has type map\[string\]bool at var_windows.go:17`

var guess = os.Args
