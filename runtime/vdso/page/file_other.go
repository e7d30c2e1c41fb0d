//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package page

import (
	"errors"
	"fmt"
)

// Create returns errors.ErrUnsupported: see [Local].
func Create(path string, s Schema, fill func(values []byte), opts ...Option) (*Publisher, error) {
	return nil, fmt.Errorf("page %s: files cannot be mapped on this system: %w", path, errors.ErrUnsupported)
}

func openFile(path string) (*memory, error) {
	return nil, fmt.Errorf("page %s: files cannot be mapped on this system: %w", path, errors.ErrUnsupported)
}

func identify(string) (fileID, error) { return fileID{}, errors.ErrUnsupported }
