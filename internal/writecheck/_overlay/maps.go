package maps

import _ "unsafe" // for linkname

// wcMapWrite reports a write to a map.
//
//go:linkname wcMapWrite runtime.wcMapWrite
func wcMapWrite(m *Map)
