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

var vnetOldPaths [0]vnetCall

var vnetMorePaths [0]vnetCall
