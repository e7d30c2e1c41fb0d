package fds

// A vnetCall is a system call that takes descriptors: bit i of args stands for
// its argument i+1.
type vnetCall struct {
	trap uint16
	args uint8
}

// vnetCalls are those that every architecture has; vnetMore are the others. Not
// in it: poll and select, whose descriptors are in memory, and messages that
// carry descriptors.
var vnetCalls = [...]vnetCall{
	{SYS_READ, 1},
	{SYS_WRITE, 1},
	{SYS_PREAD64, 1},
	{SYS_PWRITE64, 1},
	{SYS_READV, 1},
	{SYS_WRITEV, 1},
	{SYS_PREADV, 1},
	{SYS_PWRITEV, 1},
	{SYS_LSEEK, 1},
	{SYS_IOCTL, 1},
	{SYS_FCNTL, 1},
	{SYS_FLOCK, 1},
	{SYS_FSYNC, 1},
	{SYS_FDATASYNC, 1},
	{SYS_FTRUNCATE, 1},
	{SYS_FALLOCATE, 1},
	{SYS_READAHEAD, 1},
	{SYS_DUP, 1},
	{SYS_CLOSE, 1},
	{SYS_DUP3, 1},
	{SYS_SENDFILE, 3},
	{SYS_SPLICE, 5},
	{SYS_TEE, 3},
	{SYS_VMSPLICE, 1},
	{SYS_GETDENTS64, 1},
	{SYS_FCHDIR, 1},
	{SYS_FCHMOD, 1},
	{SYS_FCHOWN, 1},
	{SYS_FSTATFS, 1},
	{SYS_FSETXATTR, 1},
	{SYS_FGETXATTR, 1},
	{SYS_FLISTXATTR, 1},
	{SYS_FREMOVEXATTR, 1},
	{SYS_OPENAT, 1},
	{SYS_MKDIRAT, 1},
	{SYS_MKNODAT, 1},
	{SYS_FCHOWNAT, 1},
	{SYS_UNLINKAT, 1},
	{SYS_READLINKAT, 1},
	{SYS_FCHMODAT, 1},
	{SYS_FACCESSAT, 1},
	{SYS_UTIMENSAT, 1},
	{SYS_LINKAT, 5},
	{SYS_SYMLINKAT, 2},
	{SYS_EPOLL_CTL, 4},
	{SYS_MMAP, 16},
	{SYS_RECVMMSG, 1},
}

// vnetDescriptors returns which arguments of a system call are descriptors.
//
//go:nosplit
//go:norace
func vnetDescriptors(trap uintptr) uint8 {
	for i := range vnetCalls {
		if c := &vnetCalls[i]; uintptr(c.trap) == trap {
			return c.args
		}
	}
	for i := range vnetMore {
		if c := &vnetMore[i]; uintptr(c.trap) == trap {
			return c.args
		}
	}
	return 0
}

// vnetMakes reports whether a system call returns a new descriptor with the
// lowest number, of those by which programs put one in the place of what they
// have closed.
//
//go:nosplit
//go:norace
func vnetMakes(trap uintptr) bool {
	return trap == SYS_OPENAT || trap == SYS_DUP || trap == vnetSysOpen || trap == vnetSysCreat
}

// vnetPaths are the system calls that every architecture has and that take a
// path and no folder; vnetOldPaths and vnetMorePaths are the others.
var vnetPaths = [...]vnetCall{
	{SYS_STATFS, 1 | vnetLinked},
	{SYS_TRUNCATE, 1 | vnetLinked},
	{SYS_SETXATTR, 1 | vnetLinked},
	{SYS_GETXATTR, 1 | vnetLinked},
	{SYS_LISTXATTR, 1 | vnetLinked},
	{SYS_REMOVEXATTR, 1 | vnetLinked},
	{SYS_MOUNT, 1 | vnetLinked},
	{SYS_ACCT, 1 | vnetLinked},
	{SYS_SWAPON, 1 | vnetLinked},
	{SYS_CHROOT, 1 | vnetLinked},
	{SYS_INOTIFY_ADD_WATCH, 2 | vnetLinked},
	{SYS_LSETXATTR, 1},
	{SYS_LGETXATTR, 1},
	{SYS_LLISTXATTR, 1},
	{SYS_LREMOVEXATTR, 1},
	{SYS_EXECVE, 1},
	{SYS_UMOUNT2, 1},
}

// vnetPathsOf returns which arguments of a system call are paths, as vnetCall
// has them, with vnetLinked.
//
//go:nosplit
//go:norace
func vnetPathsOf(trap uintptr) uint8 {
	for i := range vnetPaths {
		if c := &vnetPaths[i]; uintptr(c.trap) == trap {
			return c.args
		}
	}
	for i := range vnetOldPaths {
		if c := &vnetOldPaths[i]; uintptr(c.trap) == trap {
			return c.args
		}
	}
	for i := range vnetMorePaths {
		if c := &vnetMorePaths[i]; uintptr(c.trap) == trap {
			return c.args
		}
	}
	return 0
}
