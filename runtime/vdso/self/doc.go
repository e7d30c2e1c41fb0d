// Package self has the private pages: what a process and an image know of
// themselves, read without a system call, and the pages in which an image shows
// itself to others.
//
//	self.Pid(), self.Parent()    the process's, each one load
//	self.Publish(...)            the current image's page
//
// # The process's page
//
// It is a private mapping that the kernel empties in a forked child
// (MADV_WIPEONFORK, Linux 4.14): a child, which C code may have forked, never
// reads its parent's numbers, but falls back to the system call. Other systems
// always call. The parent's pid is written when the parent has exited: a
// goroutine, which the first call of Parent starts, looks ten times a second.
// In between Parent returns the pid of a parent that has just died, as a system
// call that was made a moment earlier does.
//
// # An image's page
//
// Publish makes page image (package page) at the path image.PID.ID, with the
// image's number and name, its process and parents, its clock, its sysctls
// (package sysctl) and the counters that it is given (package pcpu). A
// goroutine of the image brings it up to date ten times a second, and when the
// image's parent ends. When the image closes, the page is abandoned and goes.
//
//	Image uint64, Name string[64], State string[16]
//	Pid, Parent uint64           of the process and its parent
//	ParentImage int64            -1: none, or it has ended
//	ClockOffset int64, ClockRate float64    0 and 1 without a clock of its own
//	Created int64                in ns since 1970
//	sys_NAME                     sysctl NAME, with _ for what C has not in names
//	stat_NAME, stat_NAME_FIELD   counters
//
// Integers are int64 or uint64, strings string[128]: what is longer is cut.
// When the set of sysctls changes, the page is made anew, as a page's layout
// never changes. Two sysctls whose names become the same: the second is left
// out.
package self
