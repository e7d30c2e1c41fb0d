package self

import (
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// ids are the process's numbers. 0 is for unknown: a forked child reads zeros.
// The pid is written before others see the page, and the parent at any time.
type ids struct {
	pid    int
	parent uint64
}

// process is the process's page; unknown until it is asked for, so that Pid is
// small enough to be inlined.
//
//vimage:shared a process has one pid and one parent
var process atomic.Pointer[ids]

// unknown has no numbers.
//
//vimage:shared nothing writes it
var unknown ids

func init() { process.CompareAndSwap(nil, &unknown) } // it runs again in each image

//vimage:shared guards the page's creation
var once, watch sync.Once

// Pid returns the process's number, as os.Getpid does.
func Pid() int {
	if pid := process.Load().pid; pid != 0 {
		return pid
	}
	return slowPid()
}

func slowPid() int {
	once.Do(func() {
		if p := private(); p != nil {
			p.pid = syscall.Getpid()
			process.Store(p)
		}
	})
	return syscall.Getpid()
}

// Parent returns the number of the process's parent, as os.Getppid does.
func Parent() int {
	if pid := atomic.LoadUint64(&process.Load().parent); pid != 0 {
		return int(pid)
	}
	return slowParent()
}

func slowParent() int {
	slowPid()
	p := process.Load()
	if p.pid == 0 {
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
