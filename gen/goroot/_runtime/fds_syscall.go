package fds

import (
	"internal/runtime/syscall/linux"
	"runtime"
	"sync"
	"unsafe"
)

// vnetFdsMu guards the changes of all tables. They are read without it.
var vnetFdsMu sync.Mutex

// vnetPid is the process's number.
var vnetPid = Getpid()

// vnetSmall reports whether a system call's arguments may be one of the
// standard descriptors, or depend on the working directory, at all.
//
//go:nosplit
//go:norace
func vnetSmall(trap, a1, a2, a3, a5 uintptr) bool {
	return a1 < 3 || a2 < 3 || a3 < 3 || a5 < 3 || a1 == vnetAtCwd || a2 == vnetAtCwd || a3 == vnetAtCwd ||
		vnetMoves(trap) || trap == vnetSysBind || trap == vnetSysConnect
}

// vnetWide reports whether a system call changes what the process has one of.
//
//go:nosplit
//go:norace
func vnetWide(trap uintptr) bool { return trap == SYS_UMASK }

// vnetTakes reports whether a system call replaces a standard descriptor, or is
// the process's own: it ends it, or changes what it has one of.
//
//go:nosplit
//go:norace
func vnetTakes(trap, a1, a2 uintptr) bool {
	return trap == SYS_EXIT_GROUP || vnetWide(trap) || trap == SYS_CLOSE && a1 < 3 || (trap == SYS_DUP3 || trap == vnetSysDup2) && a2 < 3
}

// vnetTakesRaw is vnetTakes for RawSyscall, by which also a child ends that was
// made by clone and shares the memory.
//
//go:nosplit
//go:norace
func vnetTakesRaw(trap, a1, a2 uintptr) bool {
	if !vnetTakes(trap, a1, a2) || runtime.VnetFdTable() == nil {
		return false
	}
	pid, _, _ := vnetKernel(SYS_GETPID, 0, 0, 0)
	return pid == uintptr(vnetPid)
}

// vnetFd returns the kernel's number of descriptor fd, which is no number at
// all if the image has closed it.
//
//go:nosplit
//go:norace
func vnetFd(t *runtime.VnetFds, fd uintptr) uintptr {
	if fd == vnetAtCwd && t[3] != 0 {
		return uintptr(t[3])
	}
	if fd < 3 {
		switch n := t[fd]; {
		case n < 0:
			return ^uintptr(0)
		case n > 0:
			return uintptr(n)
		}
	}
	return fd
}

// vnetLookUp puts the kernel's numbers for the descriptors among a system
// call's arguments.
//
//go:nosplit
//go:norace
func vnetLookUp(trap, a1, a2, a3, a5 uintptr) (b1, b2, b3, b5 uintptr) {
	t := runtime.VnetMoved()
	if t == nil {
		return a1, a2, a3, a5
	}
	args := vnetDescriptors(trap)
	if args&1 != 0 {
		a1 = vnetFd(t, a1)
	}
	if args&2 != 0 {
		a2 = vnetFd(t, a2)
	}
	if args&4 != 0 {
		a3 = vnetFd(t, a3)
	}
	if args&16 != 0 {
		a5 = vnetFd(t, a5)
	}
	return a1, a2, a3, a5
}

// vnetGap reports whether a system call has made a descriptor while one of the
// image's standard descriptors is closed.
//
//go:nosplit
//go:norace
func vnetGap(trap uintptr, err Errno) bool {
	t := runtime.VnetMoved()
	return t != nil && err == 0 && t[0]|t[1]|t[2] < 0 && vnetMakes(trap)
}

// vnetMade gives a new descriptor the lowest free number, which is one of those
// that the image has closed.
func vnetMade(fd uintptr) uintptr {
	t := runtime.VnetFdTable()
	vnetFdsMu.Lock()
	defer vnetFdsMu.Unlock()
	for k, n := range t[:3] {
		if n < 0 {
			if n == -1 {
				n = int32(fd)
				vnetRelease(t)
			} else {
				n = -n
				vnetKernel(SYS_DUP3, fd, uintptr(n), O_CLOEXEC)
				vnetKernel(SYS_CLOSE, fd, 0, 0)
			}
			t[k] = n
			return uintptr(k)
		}
	}
	return fd
}

// vnetKernel is the system call itself.
//
//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetKernel(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err Errno) {
	return vnetKernel6(trap, a1, a2, a3, 0, 0, 0)
}

//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetKernel4(trap, a1, a2, a3, a4 uintptr) (r1, r2 uintptr, err Errno) {
	return vnetKernel6(trap, a1, a2, a3, a4, 0, 0)
}

//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetKernel6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	r1, r2, errno := linux.Syscall6(trap, a1, a2, a3, a4, a5, a6)
	return r1, r2, Errno(errno)
}

// vnetTake is the system call that replaces a standard descriptor (close, dup2
// or dup3), or is the process's own. An image changes its own table. Image 0
// has the process's descriptors, and what it is about to replace is kept for
// the images that use it too.
func vnetTake(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err Errno) {
	if trap == SYS_EXIT_GROUP {
		runtime.VnetExit(int(int32(a1)))
		return vnetKernel(trap, a1, a2, a3)
	}
	if vnetWide(trap) {
		runtime.VnetWide("file mode mask")
		return vnetKernel(trap, a1, a2, a3)
	}
	vnetFdsMu.Lock()
	defer vnetFdsMu.Unlock()
	t := runtime.VnetFdTable()
	k := a1
	if trap != SYS_CLOSE {
		k = a2
	}
	if t == nil {
		if trap == SYS_CLOSE || a1 != a2 {
			for _, other := range runtime.VnetFdTables(int(k), trap == SYS_CLOSE) {
				other[k] = vnetDup(k)
			}
		}
		return vnetKernel(trap, a1, a2, a3)
	}
	if trap == SYS_CLOSE {
		switch n := t[k]; {
		case n < 0:
			return ^uintptr(0), 0, EBADF
		case n == 0:
			if _, _, err := Syscall(SYS_FCNTL, k, F_GETFD, 0); err != 0 {
				return ^uintptr(0), 0, err
			}
			t[k] = -1
		default:
			t[k] = vnetReserve(n)
		}
		return 0, 0, 0
	}
	from := vnetFd(t, a1)
	if _, _, err := Syscall(SYS_FCNTL, from, F_GETFD, 0); err != 0 {
		return ^uintptr(0), 0, EBADF
	}
	if a1 == a2 {
		if trap == SYS_DUP3 {
			return ^uintptr(0), 0, EINVAL
		}
		return a2, 0, 0
	}
	n := t[k]
	if n < -1 {
		n = -n
	}
	if n > 0 { // what a write that is under way looked up stays the image's
		if _, _, err := Syscall(SYS_DUP3, from, uintptr(n), O_CLOEXEC); err != 0 {
			return ^uintptr(0), 0, err
		}
	} else {
		made, _, err := Syscall(SYS_FCNTL, from, F_DUPFD_CLOEXEC, 3)
		if err != 0 {
			return ^uintptr(0), 0, err
		}
		n = int32(made)
		vnetRelease(t)
	}
	t[k] = n
	return a2, 0, 0
}

// vnetDup returns a new number for the process's descriptor, -1 if it is
// closed.
func vnetDup(k uintptr) int32 {
	n, _, err := vnetKernel(SYS_FCNTL, k, F_DUPFD_CLOEXEC, 3)
	if err != 0 {
		return -1
	}
	return int32(n)
}

// vnetReserve closes a descriptor of an image, and returns the table's entry
// for it. The number is kept, for one that cannot be read or written: a write
// that has looked it up already must not go to a file of another image.
func vnetReserve(n int32) int32 {
	root := [...]byte{'/', 0}
	// Not Syscall6, which would have the image use the new descriptor.
	if fd, _, err := vnetKernel(SYS_OPENAT, vnetAtCwd, uintptr(unsafe.Pointer(&root)), vnetPath|O_CLOEXEC); err == 0 {
		_, _, failed := Syscall(SYS_DUP3, fd, uintptr(n), O_CLOEXEC)
		Syscall(SYS_CLOSE, fd, 0, 0)
		if failed == 0 {
			return -n
		}
	}
	Syscall(SYS_CLOSE, uintptr(n), 0, 0)
	return -1
}

// vnetRelease has the table's descriptors closed when no goroutine can use it
// any more.
func vnetRelease(t *runtime.VnetFds) {
	defer runtime.VnetSwap(runtime.VnetSwap(nil)) // or the finalizer would keep the image
	runtime.SetFinalizer(t, nil)
	runtime.SetFinalizer(t, func(t *runtime.VnetFds) {
		for _, n := range t {
			if n = max(n, -n); n > 2 {
				Syscall(SYS_CLOSE, uintptr(n), 0, 0)
			}
		}
	})
}

// VnetOwnFd returns the kernel's number of a descriptor that only the current
// image uses, for the poller, which takes each number once.
func VnetOwnFd(fd int) int {
	t := runtime.VnetFdTable()
	if t == nil || fd < 0 || fd > 2 {
		return fd
	}
	vnetFdsMu.Lock()
	defer vnetFdsMu.Unlock()
	if t[fd] == 0 {
		if n := vnetDup(uintptr(fd)); n > 0 {
			t[fd] = n
			vnetRelease(t)
		}
	}
	return int(int32(vnetFd(t, uintptr(fd))))
}

// vnetFork returns the attributes with the kernel's numbers for a child's
// files, and puts the image away until the child is made: its descriptors are
// the kernel's.
func vnetFork(attr *ProcAttr) (*ProcAttr, *runtime.VnetImage) {
	if t := runtime.VnetMoved(); t != nil && attr != nil {
		with := *attr
		with.Files = make([]uintptr, len(attr.Files))
		for i, fd := range attr.Files {
			with.Files[i] = vnetFd(t, fd)
		}
		vnetChdir(t, &with)
		attr = &with
	}
	return attr, runtime.VnetSwap(nil)
}
