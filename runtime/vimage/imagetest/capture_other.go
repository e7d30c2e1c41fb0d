//go:build !linux

package imagetest

import "time"

func newCapture() (*capture, error) { return temporary() }

// processorTime returns how much processor time the process has used, a
// negative number if that is not known.
func processorTime() time.Duration { return -1 }
