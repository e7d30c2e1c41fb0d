//go:build !arm64 && !riscv64 && !loong64

package fds

// vnetOldPaths are the calls that newer architectures do not have.
var vnetOldPaths = [...]vnetCall{
	{SYS_UTIMES, 1 | vnetLinked},
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
	{SYS_LINK, 3},
	{SYS_RENAME, 3},
	{SYS_SYMLINK, 2},
}
