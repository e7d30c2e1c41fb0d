package runtime

import (
	"internal/stringslite"
	"unsafe"
)

// An image has standard descriptors 0, 1 and 2 of its own: what it closes or
// replaces by number is its own entry in a table. The entry behind them is its
// working directory. Package syscall looks numbers up on the way to the kernel.
// The functions here run between a fork and an exec, and in places where the
// stack must not move: hence nosplit.

// VnetOwnFds says that package syscall looks descriptors up on this platform.
const VnetOwnFds = GOOS == "linux"

// VnetFdTable returns the current image's table; nil if it has the process's
// descriptors.
//
//go:nosplit
func VnetFdTable() *VnetFds {
	if im := VnetCurrent(); im != nil {
		return im.Fds
	}
	return nil
}

// VnetMoved returns the current image's table if it differs from the process's,
// else nil.
//
//go:nosplit
func VnetMoved() *VnetFds {
	if t := VnetFdTable(); t != nil && t[0]|t[1]|t[2]|t[3] != 0 {
		return t
	}
	return nil
}

// VnetCallsC reports whether functions in C are called that may use relative
// names, which C looks up in the process's working directory: any outside the
// standard library, and those of package plugin.
func VnetCallsC() bool {
	for md := &firstmoduledata; md != nil; md = md.next {
		names := unsafe.String(unsafe.SliceData(md.funcnametab), len(md.funcnametab))
		for {
			const call = "._Cfunc_"
			i := stringslite.Index(names, call)
			if i < 0 {
				break
			}
			pkg := i
			for pkg > 0 && names[pkg-1] != 0 {
				pkg--
			}
			switch names[pkg:i] {
			case "net", "os/user", "runtime/cgo":
			default:
				return true
			}
			names = names[i+len(call):]
		}
	}
	return false
}
