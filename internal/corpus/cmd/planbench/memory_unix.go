//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// memory returns the most that a process, or one that it waited for, held at once.
func memory(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}
