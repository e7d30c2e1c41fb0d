package pcpu

import _ "unsafe" // for linkname

// pin keeps the goroutine on its P until unpin, and returns the P's number. The
// runtime keeps both open for linkname (go.dev/issue/67401).
//
//go:linkname pin runtime.procPin
func pin() int

//go:linkname unpin runtime.procUnpin
func unpin()
