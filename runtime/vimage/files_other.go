//go:build !linux

package vimage

import (
	"os"
)

// takeFile makes a file the current image's standard file i.
func takeFile(i int, from *os.File) (*os.File, error) { return from, nil }

// closeFiles closes the files that are the image's alone.
func (im *Image) closeFiles() {
	o := im.own()
	o.mu.Lock()
	files := o.files
	o.files = nil
	o.mu.Unlock()
	for _, f := range files {
		f.Close()
	}
}

// setDir does nothing: images have the process's working directory.
func (im *Image) setDir() error { return nil }
