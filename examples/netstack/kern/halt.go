//go:build !vimage

package kern

import (
	"sync"
	"syscall"
)

var workers sync.WaitGroup // the stack's own goroutines

// Go runs f in a goroutine of the stack's own, for which Halt waits.
func Go(f func()) {
	workers.Add(1)
	go func() {
		defer workers.Done()
		f()
	}()
}

// Halted reports whether the stack has ended. It needs Giant.
func Halted() bool { return Giant.halted }

// Halt ends the stack: sleepers wake with [syscall.ENETDOWN], callouts are
// forgotten, and queued packets are freed. It waits for the stack's goroutines.
//
//vimage:sysuninit first any
func Halt() {
	for i := range netisrQueues {
		netisrQueues[i].Close()
	}
	Lock()
	Giant.halted = true
	for _, c := range callouts {
		c.at, c.pending, c.f = 0, false, nil
	}
	callouts = nil
	select {
	case kick <- struct{}{}:
	default:
	}
	for s := range sleeping {
		s.wakeup(syscall.ENETDOWN)
	}
	Unlock()
	workers.Wait()
}
