//go:build !race

package pcpu

const raceEnabled = false
