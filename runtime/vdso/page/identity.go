package page

import (
	_ "unsafe" // for linkname
)

// An identity is what tells one publisher from another. Zero words are unknown.
type identity struct {
	pid, start    uint64
	boot          [16]byte
	pidns, timens uint64
}

// monotonic returns the system's monotonic clock in ns, which all processes of
// the machine share: CLOCK_MONOTONIC on Linux. The runtime keeps it open for
// linkname (go.dev/issue/67401).
//
//go:linkname monotonic runtime.nanotime
func monotonic() int64

// publisher returns the identity that a page states.
func (m *memory) publisher() identity {
	return identity{
		pid: m.header("vimage_pid"), start: m.header("vimage_start"), boot: m.boot(),
		pidns: m.header("vimage_pidns"), timens: m.header("vimage_timens"),
	}
}
