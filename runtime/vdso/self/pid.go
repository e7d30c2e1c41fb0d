package self

import (
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// ids are the process's numbers. 0 is for unknown: a forked child reads zeros.
type ids struct{ pid, parent uint64 }

// process is the process's page, nil until it is asked for.
//
//vimage:shared a process has one pid and one parent
var process atomic.Pointer[ids]

//vimage:shared guards the page's creation
var once, watch sync.Once

// Pid returns the process's number, as os.Getpid does.
func Pid() int {
	if p := process.Load(); p != nil {
		if pid := atomic.LoadUint64(&p.pid); pid != 0 {
			return int(pid)
		}
	}
	return slowPid()
}

func slowPid() int {
	once.Do(func() {
		if p := private(); p != nil {
			atomic.StoreUint64(&p.pid, uint64(syscall.Getpid()))
			process.Store(p)
		}
	})
	return syscall.Getpid()
}

// Parent returns the number of the process's parent, as os.Getppid does.
func Parent() int {
	if p := process.Load(); p != nil {
		if pid := atomic.LoadUint64(&p.parent); pid != 0 {
			return int(pid)
		}
	}
	return slowParent()
}

func slowParent() int {
	slowPid()
	p := process.Load()
	if p == nil || atomic.LoadUint64(&p.pid) == 0 {
		return syscall.Getppid() // there is no page, or this is a forked child
	}
	watch.Do(func() {
		atomic.StoreUint64(&p.parent, uint64(syscall.Getppid()))
		vimage.Apart(func() { go p.watch() })
	})
	return syscall.Getppid()
}

// watch writes the parent's number when it has changed.
func (p *ids) watch() {
	for {
		time.Sleep(100 * time.Millisecond)
		atomic.StoreUint64(&p.parent, uint64(syscall.Getppid()))
	}
}
