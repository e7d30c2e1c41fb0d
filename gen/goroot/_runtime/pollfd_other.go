//go:build (unix && !linux) || windows || wasip1

package pollfd

func vnetPollOpen(fd uintptr) (uintptr, int) { return runtime_pollOpen(fd) }
