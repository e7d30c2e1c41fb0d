//go:build !unix && !windows

package vimage

import "os"

// file returns nil: the image has the process's file.
func (im *Image) file(i int) *os.File { return nil }
