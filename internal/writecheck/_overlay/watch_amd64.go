package runtime

// Numbers of system calls that the runtime does not make itself.
const (
	wcFtruncate = 77
	wcGetpid    = 39
)
