package worded

// static int table[2];
import "C"

// F uses C.
func F() int { return int(C.int(1)) }
