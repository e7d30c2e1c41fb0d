//go:build linux

// Package sysfile reads files of /proc and /sys without package os, whose
// variables are an image's: the keeper of the process's clock runs in no image.
// Linux only.
package sysfile

import "syscall"

// Read returns the contents of a file. The error is a syscall.Errno.
func Read(path string) ([]byte, error) {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(fd)
	var b []byte
	var chunk [1024]byte
	for {
		n, err := syscall.Read(fd, chunk[:])
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return nil, err
		case n <= 0:
			return b, nil
		}
		b = append(b, chunk[:n]...)
	}
}

// Link returns what a symbolic link refers to, "" if it cannot be read.
func Link(path string) string {
	var b [256]byte
	n, err := syscall.Readlink(path, b[:])
	if err != nil || n < 0 {
		return ""
	}
	return string(b[:n])
}
