//go:build arm64 || riscv64 || loong64

package fds

// There is no dup2, open and creat.
const vnetSysDup2, vnetSysOpen, vnetSysCreat = 0xffff, 0xffff, 0xffff

const vnetSysBind, vnetSysConnect, vnetSysName = SYS_BIND, SYS_CONNECT, SYS_GETSOCKNAME

var vnetMore = [...]vnetCall{
	{80, 1},
	{79, 1},
	{38, 5},
	{SYS_FADVISE64, 1},
	{84, 1}, // fstat newfstatat renameat sync_file_range
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
	{267, 1},
	{269, 1},
	{276, 5},
	{285, 5},
	{286, 1},
	{287, 1},
	{291, 1}, // syncfs sendmmsg renameat2 copy_file_range preadv2 pwritev2 statx
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
	{SYS_INOTIFY_ADD_WATCH, 2 | vnetLinked},
	{SYS_LSETXATTR, 1},
	{SYS_LGETXATTR, 1},
	{SYS_LLISTXATTR, 1},
	{SYS_LREMOVEXATTR, 1},
	{SYS_EXECVE, 1},
	{SYS_UMOUNT2, 1},
}
