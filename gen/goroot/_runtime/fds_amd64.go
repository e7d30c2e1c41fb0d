//go:build amd64

package fds

const vnetSysDup2, vnetSysOpen, vnetSysCreat = SYS_DUP2, SYS_OPEN, SYS_CREAT

const vnetSysBind, vnetSysConnect, vnetSysName = SYS_BIND, SYS_CONNECT, SYS_GETSOCKNAME

var vnetMore = [...]vnetCall{
	{SYS_FSTAT, 1},
	{SYS_NEWFSTATAT, 1},
	{SYS_FADVISE64, 1},
	{SYS_SYNC_FILE_RANGE, 1},
	{SYS_GETDENTS, 1},
	{SYS_FUTIMESAT, 1},
	{SYS_DUP2, 1},
	{SYS_RENAMEAT, 5},
	{SYS_CONNECT, 1},
	{SYS_ACCEPT, 1},
	{SYS_ACCEPT4, 1},
	{SYS_BIND, 1},
	{SYS_LISTEN, 1},
	{SYS_SENDTO, 1},
	{SYS_RECVFROM, 1},
	{SYS_SENDMSG, 1},
	{SYS_RECVMSG, 1},
	{SYS_SHUTDOWN, 1},
	{SYS_GETSOCKNAME, 1},
	{SYS_GETPEERNAME, 1},
	{SYS_GETSOCKOPT, 1},
	{SYS_SETSOCKOPT, 1},
	{306, 1},
	{307, 1},
	{316, 5},
	{326, 5},
	{327, 1},
	{328, 1},
	{332, 1}, // syncfs sendmmsg renameat2 copy_file_range preadv2 pwritev2 statx
	{437, 1},
	{439, 1},
	{452, 1}, // openat2 faccessat2 fchmodat2
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
