//go:build !arm64 && !ppc64 && !ppc64le && !s390x

package pcpu

// line is the distance that keeps two variables from sharing a cache line.
const line = 64
