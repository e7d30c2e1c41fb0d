//go:build !race

package sysctl

const raceEnabled = false
