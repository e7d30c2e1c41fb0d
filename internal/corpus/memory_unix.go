//go:build unix

package corpus

import (
	"os"
	"runtime"
	"syscall"
)

// Memory returns the most that a process, or one that it waited for, held at
// once.
func Memory(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}
