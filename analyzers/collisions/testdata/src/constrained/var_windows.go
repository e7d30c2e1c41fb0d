package constrained

import (
	file "os"
)

var handle uintptr

var last *file.File

var table = [1]string{"a"}

var buf []uint8

const count = 1

var made = map[string]bool{}

var guess = someCall()
