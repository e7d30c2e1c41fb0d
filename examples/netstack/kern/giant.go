//go:build !vimage

package kern

import "sync"

// Giant protects all state of the stack but what says otherwise. Input
// goroutines, callouts and socket calls hold it. A holder must not block, other
// than by [Waitq.Sleep], which lets go of it.
var Giant sync.Mutex

// Lock takes Giant.
func Lock() { Giant.Lock() }

// Unlock lets go of Giant.
func Unlock() { Giant.Unlock() }
