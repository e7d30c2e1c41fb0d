//go:build arm64 || ppc64 || ppc64le || s390x

package pcpu

// line is the distance that keeps two variables from sharing a cache line. On s390x it is half of what it
// should be, which costs time only.
const line = 128
