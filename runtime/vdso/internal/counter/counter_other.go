//go:build !amd64 && !arm64

package counter

// Read returns 0.
func Read() uint64 { return 0 }

// Why returns why the counter must not be used.
func Why() string { return "no counter is known for this CPU" }

// Source is empty.
const Source = ""
