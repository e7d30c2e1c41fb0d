//go:build linux

package pollfd

import "syscall"

// vnetPollOpen is runtime_pollOpen. The poller takes each number once, so an
// image that polls one of the process's descriptors is given a number of its
// own.
func vnetPollOpen(fd uintptr) (uintptr, int) {
	if fd < 3 {
		fd = uintptr(syscall.VnetOwnFd(int(fd)))
	}
	return runtime_pollOpen(fd)
}
