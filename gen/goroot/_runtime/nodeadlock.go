package runtime

// The label slot does not know an image's timers, nor which goroutines were
// born in it.

// VnetWatch has the launcher look for deadlocks of images, where that is
// possible.
func VnetWatch() {}

// VnetWatches reports whether VnetDeadlocked can know.
func VnetWatches() bool { return false }

// VnetDeadlocked reports whether im's goroutines are blocked for ever.
func VnetDeadlocked(*VnetImage) bool { return false }

// VnetLooksDead reports whether none of im's goroutines can run at the moment.
func VnetLooksDead(*VnetImage) bool { return false }

// VnetCheckDead ends the process if all of its goroutines but the caller are
// blocked for ever.
func VnetCheckDead() {}
