package dep

import "time"

// Later hands its argument to a timer.
func Later(f func()) { time.AfterFunc(time.Second, f) }

// Count is changed here.
var Count int

// Inc changes it.
func Inc() { Count++ }

// Pure uses nothing.
func Pure() {}
