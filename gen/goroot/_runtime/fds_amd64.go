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

var vnetMorePaths = [...]vnetCall{
	{SYS_UTIME, 1 | vnetLinked},
}
