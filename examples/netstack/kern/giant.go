//go:build !vimage

package kern

import "sync"

// A GiantLock is the lock of a stack. It outlives the stack, as sockets do whose
// users have not noticed its end.
type GiantLock struct {
	sync.Mutex
	halted bool // the stack has ended
}

// Giant protects all state of the stack, unless a comment says otherwise. Input
// goroutines, callouts and socket calls hold it. A holder must not block, other
// than by [Waitq.Sleep], which lets go of it.
var Giant = new(GiantLock)

// Lock takes Giant.
func Lock() { Giant.Lock() }

// Unlock lets go of Giant.
func Unlock() { Giant.Unlock() }
