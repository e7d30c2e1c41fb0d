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

var vnetMorePaths = [...]vnetCall{
	{SYS_STATFS64, 1 | vnetLinked},
	{SYS_TRUNCATE64, 1 | vnetLinked},
	{SYS_STAT64, 1},
	{SYS_LSTAT64, 1},
	{SYS_CHOWN32, 1},
	{SYS_LCHOWN32, 1},
	{SYS_UTIME, 1 | vnetLinked},
}
