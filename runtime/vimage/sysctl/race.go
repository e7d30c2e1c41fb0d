//go:build race

package sysctl

const raceEnabled = true
