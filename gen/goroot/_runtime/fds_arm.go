//go:build arm

package fds

const vnetSysDup2, vnetSysOpen, vnetSysCreat = SYS_DUP2, SYS_OPEN, SYS_CREAT

const vnetSysBind, vnetSysConnect, vnetSysName = SYS_BIND, SYS_CONNECT, SYS_GETSOCKNAME

var vnetMore = [...]vnetCall{
	{SYS_FSTAT, 1},
	{SYS_FSTAT64, 1},
	{SYS_FSTATAT64, 1},
	{SYS_FSTATFS64, 1},
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
	{391, 5},
	{392, 1},
	{393, 1},
	{397, 1},
	{437, 1},
	{439, 1},
	{452, 1}, // copy_file_range preadv2 pwritev2 statx openat2 faccessat2 fchmodat2
}

var vnetMorePaths = [...]vnetCall{
	{SYS_STATFS64, 1 | vnetLinked},
	{SYS_TRUNCATE64, 1 | vnetLinked},
	{SYS_STAT64, 1},
	{SYS_LSTAT64, 1},
	{SYS_CHOWN32, 1},
	{SYS_LCHOWN32, 1},
}
