//go:build !vimage

package kern

import (
	"os"
	"sync"
	"syscall"
	"time"
)

// A Waitq is a queue of goroutines that wait for something under Giant. The zero
// value is ready.
type Waitq struct{ sleepers []*sleeper }

type sleeper struct {
	cond    sync.Cond
	woken   bool
	err     error
	timeout Callout
}

// sleeping holds all sleeping goroutines, so that the end of the stack wakes them.
var sleeping = map[*sleeper]bool{}

// Sleep lets go of Giant and waits for Wakeup. It has Giant again when it
// returns. It returns [os.ErrDeadlineExceeded] if deadline, a time of [Now], has
// passed, and [syscall.ENETDOWN] if the stack ends; a deadline of 0 is none.
func (q *Waitq) Sleep(deadline time.Duration) error {
	giant := Giant
	if giant.halted {
		return syscall.ENETDOWN
	}
	s := &sleeper{cond: sync.Cond{L: giant}}
	if deadline != 0 {
		left := deadline - Now()
		if left <= 0 {
			return os.ErrDeadlineExceeded
		}
		s.timeout.Reset(left, func() { s.wakeup(os.ErrDeadlineExceeded) })
	}
	q.sleepers = append(q.sleepers, s)
	sleeping[s] = true
	for !s.woken {
		s.cond.Wait()
	}
	if giant.halted { // there is no stack any more to clean up
		return syscall.ENETDOWN
	}
	delete(sleeping, s)
	s.timeout.Stop()
	for i, t := range q.sleepers {
		if t == s {
			q.sleepers = append(q.sleepers[:i], q.sleepers[i+1:]...)
			break
		}
	}
	return s.err
}

func (s *sleeper) wakeup(err error) {
	if s.woken {
		return
	}
	s.woken, s.err = true, err
	s.cond.Signal()
}

// Wakeup wakes all goroutines that sleep on the queue.
func (q *Waitq) Wakeup() {
	for _, s := range q.sleepers {
		s.wakeup(nil)
	}
}

// Sleeping returns how many goroutines sleep and have not been woken. A test that
// moves a virtual clock waits with it for goroutines that wait for the stack.
func Sleeping() (n int) {
	Lock()
	defer Unlock()
	for s := range sleeping {
		if !s.woken {
			n++
		}
	}
	return n
}
