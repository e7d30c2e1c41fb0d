package testing

import _ "unsafe" // for linkname

// wcCompare looks whether watched memory has changed.
//
//go:linkname wcCompare runtime.wcCompare
func wcCompare()
