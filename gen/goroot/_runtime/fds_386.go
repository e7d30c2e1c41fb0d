//go:build 386

package fds

const vnetSysDup2, vnetSysOpen, vnetSysCreat = SYS_DUP2, SYS_OPEN, SYS_CREAT

const vnetSysBind, vnetSysConnect, vnetSysName = 0xffff, 0xffff, 0xffff

// Sockets go through socketcall, and Seek and Ftruncate through functions in
// assembly, which do not look.
var vnetMore = [...]vnetCall{
	{SYS_FSTAT, 1},
	{SYS_FSTAT64, 1},
	{SYS_FSTATAT64, 1},
	{SYS_FSTATFS64, 1},
	{SYS_FADVISE64, 1},
	{SYS_FADVISE64_64, 1},
	{SYS_SYNC_FILE_RANGE, 1},
	{SYS_GETDENTS, 1},
	{SYS_FUTIMESAT, 1},
	{SYS_DUP2, 1},
	{SYS_RENAMEAT, 5},
	{SYS_SENDFILE64, 3},
	{SYS_FCNTL64, 1},
	{SYS_FTRUNCATE64, 1},
	{SYS_FCHOWN32, 1},
	{SYS__LLSEEK, 1},
	{SYS_MMAP2, 16},
	{377, 5},
	{378, 1},
	{379, 1},
	{383, 1},
	{437, 1},
	{439, 1},
	{452, 1}, // copy_file_range preadv2 pwritev2 statx openat2 faccessat2 fchmodat2
}

// vnetPaths are the system calls that take a path and no folder.
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
	{SYS_STATFS64, 1 | vnetLinked},
	{SYS_TRUNCATE64, 1 | vnetLinked},
	{SYS_UTIMES, 1 | vnetLinked},
	{SYS_UTIME, 1 | vnetLinked},
	{SYS_INOTIFY_ADD_WATCH, 2 | vnetLinked},
	{SYS_OPEN, 1},
	{SYS_CREAT, 1},
	{SYS_STAT, 1},
	{SYS_LSTAT, 1},
	{SYS_ACCESS, 1},
	{SYS_MKDIR, 1},
	{SYS_RMDIR, 1},
	{SYS_UNLINK, 1},
	{SYS_READLINK, 1},
	{SYS_CHMOD, 1},
	{SYS_CHOWN, 1},
	{SYS_LCHOWN, 1},
	{SYS_MKNOD, 1},
	{SYS_STAT64, 1},
	{SYS_LSTAT64, 1},
	{SYS_CHOWN32, 1},
	{SYS_LCHOWN32, 1},
	{SYS_LSETXATTR, 1},
	{SYS_LGETXATTR, 1},
	{SYS_LLISTXATTR, 1},
	{SYS_LREMOVEXATTR, 1},
	{SYS_EXECVE, 1},
	{SYS_UMOUNT2, 1},
	{SYS_LINK, 3},
	{SYS_RENAME, 3},
	{SYS_SYMLINK, 2},
}
