//go:build !amd64 && !386 && !arm && !arm64 && !riscv64 && !loong64

package fds

const vnetSysDup2, vnetSysOpen, vnetSysCreat = SYS_DUP2, SYS_OPEN, SYS_CREAT

const vnetSysBind, vnetSysConnect, vnetSysName = SYS_BIND, SYS_CONNECT, SYS_GETSOCKNAME

// What the architecture has beside these is not looked up.
var vnetMore = [...]vnetCall{
	{SYS_FSTAT, 1},
	{SYS_FADVISE64, 1},
	{SYS_GETDENTS, 1},
	{SYS_FUTIMESAT, 1},
	{SYS_DUP2, 1},
	{SYS_RENAMEAT, 5},
	{SYS_CONNECT, 1},
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
}

var vnetMorePaths [0]vnetCall
