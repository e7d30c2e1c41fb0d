package fds

import (
	"runtime"
	"unsafe"
)

// The working directory of an image is a descriptor, in its table behind the
// standard ones; zero means that of the process. Where C code may use relative
// names (runtime.VnetCallsC), chdir is the process's in all images. Three kinds
// of system calls use it:
//
//   - those that take a folder (openat) get it in place of AT_FDCWD: vnetFd;
//   - chdir, fchdir and getcwd: vnetFolder;
//   - those that take nothing but a path, and the addresses of Unix sockets:
//     vnetByPath, for relative paths of an image that has called chdir.
//
// An image's descriptor keeps its number while the image lives. So what the
// kernel remembers as /proc/self/fd/N/name (a socket's address) follows the
// image's chdir, as a relative name follows that of a process.
//
// A path's memory may be on the stack of the caller, which moves when the stack
// grows. So it is passed to the kernel by functions with nosplit, before
// anything else is called.

const (
	vnetAtCwd    = ^uintptr(99) // AT_FDCWD
	vnetPath     = 0x200000     // O_PATH
	vnetNoFollow = 0x100        // AT_SYMLINK_NOFOLLOW
)

// vnetMoves reports whether a system call sets or reads the working directory,
// or sets the root.
//
//go:nosplit
//go:norace
func vnetMoves(trap uintptr) bool {
	return trap == SYS_CHDIR || trap == SYS_FCHDIR || trap == SYS_GETCWD || trap == SYS_CHROOT
}

// vnetFolder is a system call of vnetMoves.
//
//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetFolder(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err Errno) {
	t := runtime.VnetFdTable()
	from := vnetAtCwd
	if t != nil && t[3] != 0 {
		from = uintptr(t[3])
	}
	var fd uintptr
	switch trap {
	case SYS_GETCWD:
		if from == vnetAtCwd {
			return vnetKernel(trap, a1, a2, a3)
		}
		return vnetGetcwd(from, a1, a2)
	case SYS_CHROOT:
		if t == nil {
			return vnetKernel(trap, a1, a2, a3)
		}
		fallthrough
	case SYS_CHDIR:
		fd, _, err = vnetKernel4(SYS_OPENAT, from, a1, vnetPath|O_DIRECTORY|O_CLOEXEC, 0)
	case SYS_FCHDIR:
		dot := [...]byte{'.', 0}
		if t != nil {
			a1 = vnetFd(t, a1)
		}
		fd, _, err = vnetKernel4(SYS_OPENAT, a1, uintptr(unsafe.Pointer(&dot)), vnetPath|O_DIRECTORY|O_CLOEXEC, 0)
	}
	if err != 0 {
		return ^uintptr(0), 0, err
	}
	if trap == SYS_CHROOT {
		return vnetChroot(fd)
	}
	return vnetEnter(t, fd)
}

// vnetChroot makes the folder that fd stands for the root directory of the
// process, and closes fd.
func vnetChroot(fd uintptr) (r1, r2 uintptr, err Errno) {
	defer vnetKernel(SYS_CLOSE, fd, 0, 0)
	runtime.VnetWide("root directory")
	var link vnetLink
	link.name(fd)
	return vnetKernel(SYS_CHROOT, uintptr(unsafe.Pointer(&link)), 0, 0)
}

// vnetEnter makes the folder that fd stands for the working directory of the
// image with a table, nil for image 0, and closes fd.
func vnetEnter(t *runtime.VnetFds, fd uintptr) (r1, r2 uintptr, err Errno) {
	defer vnetKernel(SYS_CLOSE, fd, 0, 0)
	if runtime.VnetCallsC() {
		runtime.VnetWide("working directory")
		if _, _, err = vnetKernel(SYS_FCHDIR, fd, 0, 0); err != 0 {
			return ^uintptr(0), 0, err
		}
		return 0, 0, 0
	}
	vnetFdsMu.Lock()
	defer vnetFdsMu.Unlock()
	// A folder that may not be searched is none to be in.
	dot := [...]byte{'.', 0}
	inside, _, err := vnetKernel4(SYS_OPENAT, fd, uintptr(unsafe.Pointer(&dot)), vnetPath|O_CLOEXEC, 0)
	if err != 0 {
		return ^uintptr(0), 0, err
	}
	defer vnetKernel(SYS_CLOSE, inside, 0, 0)
	switch {
	case t == nil: // images that are where the process is stay there
		for _, other := range runtime.VnetFdTables(3, false) {
			n, _, err := vnetKernel4(SYS_OPENAT, vnetAtCwd, uintptr(unsafe.Pointer(&dot)), vnetPath|O_CLOEXEC, 0)
			if err == 0 {
				other[3] = vnetDup(n)
				vnetRelease(other)
				vnetKernel(SYS_CLOSE, n, 0, 0)
			} else {
				other[3] = -1 // its folder cannot be searched any more
			}
		}
		_, _, err = vnetKernel(SYS_FCHDIR, fd, 0, 0)
	case t[3] > 0:
		_, _, err = vnetKernel(SYS_DUP3, inside, uintptr(t[3]), O_CLOEXEC)
	default:
		n := vnetDup(inside)
		if n < 0 {
			return ^uintptr(0), 0, EMFILE
		}
		t[3] = n
		vnetRelease(t)
	}
	if err != 0 {
		return ^uintptr(0), 0, err
	}
	return 0, 0, 0
}

// A vnetLink is the path of a descriptor.
type vnetLink [40]byte

// name writes the path of descriptor fd and returns its length.
//
//go:nosplit
//go:norace
func (l *vnetLink) name(fd uintptr) int {
	const dir = "/proc/self/fd/"
	n := 0
	for ; n < len(dir); n++ {
		l[n] = dir[n]
	}
	digits := 1
	for x := fd; x >= 10; x /= 10 {
		digits++
	}
	for i := n + digits - 1; i >= n; i-- {
		l[i] = '0' + byte(fd%10)
		fd /= 10
	}
	n += digits
	l[n] = 0
	return n
}

// vnetGetcwd writes the path of descriptor fd into a buffer, as getcwd.
//
//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetGetcwd(fd, buf, size uintptr) (r1, r2 uintptr, err Errno) {
	var link vnetLink
	link.name(fd)
	n, _, err := vnetKernel4(SYS_READLINKAT, vnetAtCwd, uintptr(unsafe.Pointer(&link)), buf, size)
	if err != 0 {
		return ^uintptr(0), 0, err
	}
	if n >= size {
		return ^uintptr(0), 0, ERANGE
	}
	text := unsafe.Slice((*byte)(unsafe.Pointer(buf)), size)
	text[n] = 0
	const deleted = " (deleted)"
	if n > uintptr(len(deleted)) && string(text[n-uintptr(len(deleted)):n]) == deleted {
		return ^uintptr(0), 0, ENOENT
	}
	return n + 1, 0, 0
}

// vnetNames reports whether vnetByPath is to make a system call: it takes a
// relative path, and the image has a working directory of its own.
//
//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetNames(trap, a1, a2, a3 uintptr) bool {
	t := runtime.VnetMoved()
	if t == nil || t[3] == 0 {
		return false
	}
	if trap == vnetSysBind || trap == vnetSysConnect {
		return vnetRelativeUnix(a2, a3)
	}
	paths := vnetPathsOf(trap)
	return paths&1 != 0 && vnetRelative(a1) || paths&2 != 0 && vnetRelative(a2)
}

//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetRelative(path uintptr) bool {
	return path != 0 && *(*byte)(unsafe.Pointer(path)) != '/'
}

// vnetRelativeUnix reports whether an address is that of a Unix socket with a
// relative path.
//
//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetRelativeUnix(addr, size uintptr) bool {
	if addr == 0 || size < 3 || *(*uint16)(unsafe.Pointer(addr)) != AF_UNIX {
		return false
	}
	first := *(*byte)(unsafe.Pointer(addr + 2))
	return first != 0 && first != '/'
}

// vnetByPath makes a system call that takes a relative path. Those for which
// there is another call, with a folder, are refused: the standard library and
// golang.org/x/sys make that one. The call keeps the processor, as a raw one
// does: what announces a call that may last takes more stack than there is.
//
//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetByPath(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	t := runtime.VnetMoved()
	if t[3] < 0 {
		return ^uintptr(0), 0, ENOENT
	}
	if trap == vnetSysBind || trap == vnetSysConnect {
		var addr [2 + 108]byte
		*(*uint16)(unsafe.Pointer(&addr)) = AF_UNIX
		n := (*vnetLink)(unsafe.Pointer(&addr[2])).name(uintptr(t[3])) + 2
		addr[n] = '/'
		n++
		for i := uintptr(2); i < a3; i++ {
			if n == len(addr) {
				return ^uintptr(0), 0, ENAMETOOLONG
			}
			addr[n] = *(*byte)(unsafe.Pointer(a2 + i))
			n++
		}
		return vnetKernel(trap, vnetFd(t, a1), uintptr(unsafe.Pointer(&addr)), uintptr(n))
	}
	paths := vnetPathsOf(trap)
	if paths&vnetLinked == 0 {
		return ^uintptr(0), 0, EOPNOTSUPP
	}
	path := &a1
	if paths&2 != 0 {
		path = &a2
		a1 = vnetFd(t, a1)
	}
	fd, _, err := vnetKernel4(SYS_OPENAT, uintptr(t[3]), *path, vnetPath|O_CLOEXEC, 0)
	if err != 0 {
		return ^uintptr(0), 0, err
	}
	var link vnetLink
	link.name(fd)
	*path = uintptr(unsafe.Pointer(&link))
	r1, r2, err = vnetKernel6(trap, a1, a2, a3, a4, a5, a6)
	vnetKernel(SYS_CLOSE, fd, 0, 0)
	return r1, r2, err
}

// vnetLinked marks in vnetPaths a system call that follows a path's last link,
// so that it can get a path below /proc/self/fd.
const vnetLinked = 64

// vnetUnlink takes what vnetByPath puts before a relative path away from the
// address of a Unix socket, which a system call has written.
//
//go:uintptrkeepalive
//go:nosplit
//go:norace
func vnetUnlink(addr, size uintptr) {
	t := runtime.VnetMoved()
	if t == nil || t[3] <= 0 || addr == 0 || size == 0 {
		return
	}
	n := (*uint32)(unsafe.Pointer(size))
	if *n < 3 || *n > 2+108 || *(*uint16)(unsafe.Pointer(addr)) != AF_UNIX {
		return
	}
	var link vnetLink
	k := link.name(uintptr(t[3]))
	link[k] = '/'
	k++
	path := unsafe.Slice((*byte)(unsafe.Pointer(addr+2)), *n-2)
	if len(path) < k || string(path[:k]) != string(link[:k]) {
		return
	}
	for i := k; i < len(path); i++ {
		path[i-k] = path[i]
	}
	*n -= uint32(k)
}

// vnetChdir returns a child's attributes with the image's working directory.
func vnetChdir(t *runtime.VnetFds, attr *ProcAttr) {
	if t[3] == 0 || attr.Dir != "" && attr.Dir[0] == '/' {
		return
	}
	var link vnetLink
	n := link.name(uintptr(t[3]))
	dir := attr.Dir
	attr.Dir = string(link[:n])
	if dir != "" {
		attr.Dir += "/" + dir
	}
}
