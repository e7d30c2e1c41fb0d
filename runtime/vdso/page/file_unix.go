//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package page

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vdso/internal/elfso"
)

// Create publishes a page at a path, "" for the usual one. Fill puts the first
// values into the buffer, in the schema's layout. Only one publisher at a time
// can have a path. The folder needs to be writable, and as much space as the
// page takes.
func Create(path string, s Schema, fill func(values []byte), opts ...Option) (*Publisher, error) {
	p, file, err := newPublisher(s, fill, opts)
	if err != nil {
		return nil, err
	}
	if path == "" {
		path = Path(s.Name)
	}
	if err := p.create(path, file); err != nil {
		return nil, fmt.Errorf("page %s: %w", path, err)
	}
	p.begin()
	return p, nil
}

func (p *Publisher) create(path string, file []byte) (err error) {
	dir, base := filepath.Split(path)
	lock, err := os.OpenFile(filepath.Join(dir, "."+base+".lock"), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			lock.Close()
		}
	}()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return ErrPublished
		}
		return fmt.Errorf("lock: %w", err)
	}
	p.step.at(StepLock)
	temp, err := p.temporary(dir, base)
	if err != nil {
		return err
	}
	defer temp.Close()
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	p.step.at(StepTemp)
	if _, err := temp.Write(file); err != nil {
		return err
	}
	p.step.at(StepWrite)
	b, err := syscall.Mmap(int(temp.Fd()), 0, len(file), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("mmap: %w", err)
	}
	if p.mem, err = newMemory(file, unsafe.Pointer(&b[0]), func() { syscall.Munmap(b) }); err != nil {
		return err
	}
	p.step.at(StepMap)
	old, _ := os.OpenFile(path, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err := os.Rename(temp.Name(), path); err != nil {
		if old != nil {
			old.Close()
		}
		return err
	}
	p.step.at(StepRename)
	if old != nil {
		abandon(old)
		old.Close()
	}
	p.step.at(StepMark)
	info, err := temp.Stat()
	if err != nil {
		return err
	}
	p.where = path
	p.release = func() {
		if now, err := os.Lstat(path); err == nil && os.SameFile(now, info) {
			os.Remove(path)
		}
		p.step.at(StepUnlink)
		lock.Close() // drops the lock
	}
	return nil
}

// temporary creates a file beside the path, and removes those of publishers
// that died. The path is locked.
func (p *Publisher) temporary(dir, base string) (*os.File, error) {
	prefix := filepath.Join(dir, "."+base+".")
	stale, _ := filepath.Glob(prefix + "*.new")
	for _, path := range stale {
		os.Remove(path)
	}
	return os.OpenFile(prefix+strconv.Itoa(os.Getpid())+".new", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
}

// abandon marks the page of a publisher that died, if it is one.
func abandon(f *os.File) {
	file, _, err := contents(f)
	if err != nil {
		return
	}
	symbols, err := elfso.Parse(file)
	if err != nil {
		return
	}
	if s, ok := symbols[[2]string{"vimage_abandoned", headerNode}]; ok && s.Size == 8 {
		f.WriteAt(binary.NativeEndian.AppendUint64(nil, 1), int64(s.Offset))
	}
}

// contents returns a copy of a file that may be a page.
func contents(f *os.File) ([]byte, fileID, error) {
	var st syscall.Stat_t
	if err := syscall.Fstat(int(f.Fd()), &st); err != nil {
		return nil, fileID{}, err
	}
	id := fileID{uint64(st.Dev), uint64(st.Ino)}
	switch {
	case st.Mode&syscall.S_IFMT != syscall.S_IFREG:
		return nil, id, fmt.Errorf("%w: not a regular file", elfso.ErrFormat)
	case st.Mode&0o022 != 0:
		return nil, id, fmt.Errorf("%w: group or others may write to the file", elfso.ErrFormat)
	case st.Size == 0 || st.Size > maxFile:
		return nil, id, fmt.Errorf("%w: %d bytes", elfso.ErrFormat, st.Size)
	}
	b := make([]byte, st.Size)
	_, err := io.ReadFull(io.NewSectionReader(f, 0, st.Size), b)
	return b, id, err
}

// openFile maps the page at a path.
func openFile(path string) (*memory, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, id, err := contents(f)
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", path, err)
	}
	b, err := syscall.Mmap(int(f.Fd()), 0, len(file), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("page %s: mmap: %w", path, err)
	}
	m, err := newMemory(file, unsafe.Pointer(&b[0]), func() { syscall.Munmap(b) })
	if err != nil {
		syscall.Munmap(b)
		return nil, err
	}
	m.file = id
	return m, nil
}

// identify returns which file is at a path.
func identify(path string) (fileID, error) {
	var st syscall.Stat_t
	if err := syscall.Lstat(path, &st); err != nil {
		return fileID{}, err
	}
	return fileID{uint64(st.Dev), uint64(st.Ino)}, nil
}
