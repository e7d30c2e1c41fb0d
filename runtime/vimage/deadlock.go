package vimage

import (
	"strings"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// How often the launcher looks for images whose goroutines are all blocked, and
// how often at one that is blocked and may yet be woken.
const (
	deadlockPause   = 500 * time.Millisecond
	longestDeadlock = 30 * time.Second
)

// watch ends images whose goroutines are blocked for ever, as the runtime ends
// such a process. It takes no more than a fiftieth of a processor's time.
func (l *launcher) watch() {
	for pause := deadlockPause; ; {
		time.Sleep(pause)
		began := time.Now()
		l.mu.Lock()
		running := append([]*launched{}, l.running...)
		l.mu.Unlock()
		blocked, over := 0, 0
		for _, r := range running {
			switch {
			case r.State() > Closing:
				over++
			case !core.VnetLooksDead(&r.core):
				r.pause = 0
			default:
				blocked++
				r.lookDeadlock(l.n, began)
			}
		}
		if blocked > 0 && blocked+over == len(running) {
			core.VnetCheckDead() // which counts on it that nobody sleeps
		}
		pause = max(deadlockPause, 50*time.Since(began))
	}
}

// lookDeadlock ends the image if its goroutines are blocked for ever. Looking
// stops the process for a moment, so it is done the less often the longer the
// answer is no.
func (r *launched) lookDeadlock(images int, now time.Time) {
	if now.Before(r.look) {
		return
	}
	if !core.VnetDeadlocked(&r.core) {
		r.pause = min(max(2*r.pause, deadlockPause), longestDeadlock)
		r.look = now.Add(r.pause)
		return
	}
	text := "fatal error: all goroutines are asleep - deadlock!"
	if images > 1 {
		text += r.mark()
	}
	text += "\n\n" + strings.TrimRight(core.VnetStacks(&r.core), "\n") + "\n"
	go func() { // this goroutine is the image's from here on
		core.VnetSwap(&r.core)
		r.stderr().WriteString(text)
		r.exit(statusPanic)
	}()
}
