//go:build !unix

package vimage

import "os"

// duplicate returns the file: no write to it raises a signal.
func duplicate(f *os.File) *os.File { return f }
