package cvars

// static int counter; // want `C variable counter: the process has one of it`
// static const int limit = 3;
// int other(void) { return ++counter; } static int far; // want `C variable far`
import "C"

// F counts.
func F() int { return int(C.other() + C.limit) }
