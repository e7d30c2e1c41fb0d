package page

import (
	"errors"
	"os"
	"path/filepath"
)

// maxFile bounds the file of a page that is attached to, in bytes.
const maxFile = 16 << 20

// A fileID tells one file from another.
type fileID struct{ dev, ino uint64 }

// Path returns the usual path of a page: in memory, where the system has such a
// folder, else in the folder of temporary files. The environment variable
// VIMAGE_PAGES names another folder.
func Path(name string) string {
	dir := os.Getenv("VIMAGE_PAGES")
	if dir == "" {
		dir = os.TempDir()
		if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
			dir = "/dev/shm"
		}
	}
	return filepath.Join(dir, "vimage."+name)
}

// ErrPublished is in the chain of Create's error if another publisher has the
// path.
//
//vimage:shared an error value that nothing changes
var ErrPublished = errors.New("another publisher has the page")
