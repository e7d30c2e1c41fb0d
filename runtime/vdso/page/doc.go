// Package page publishes variables in a shared page. One publisher writes them;
// any number of readers, in the same process or in others, map the page
// read-only and read it without a call and without a lock. The mechanism is
// FreeBSD's shared page (Belousov, Evans, 2012) with the consistency protocol
// of its timecounters (timehands).
//
// Input of [Create]: a path, a [Schema] (names, types and versions of
// variables) and the first values. Output: a file at the path which is an ELF
// shared object (package elfso), so that dlopen, readelf, nm and gdb read it
// too. A [Reader] finds a variable by its name, type and version when it
// attaches, never by an index that was compiled in. A variable that the page
// does not have, or has in another version or type, is not found, and the
// caller takes its fallback. So a new reader works with an old page and an old
// reader with a new one.
//
// # Layout
//
// The data of the object has these symbols. Each is aligned to 8 bytes. Those
// of the header have the version node VIMAGE_PAGE_1; integers are of 64 bits.
//
//	vimage_abandoned    not 0: the publisher has left; read no more
//	vimage_period       in ns: the publisher promises a beat at least this often
//	vimage_pid, vimage_start, vimage_boot    the publisher's identity: its pid,
//	                    its start time in clock ticks, the boot's 16-byte UUID
//	vimage_pidns, vimage_timens    its namespaces (inode numbers)
//	vimage_created      in ns since 1970
//	vimage_beat         in ns of CLOCK_MONOTONIC: the time of the last beat
//	vimage_current      the number of the current generation, from 1
//	vimage_abi          text: a line for each variable, NAME TYPE VERSION
//	NAME                the current values
//	NAME_VARIABLE       one of them, with the version node NAME_VERSION in which
//	                    it got its type
//	NAME__hands         four places of the same size; generation n is in place n
//	                    modulo 4: its number (0 while it is being filled), then a
//	                    copy of the values with the same offsets as from NAME
//
// A scalar has its natural size at its symbol's address and is alone in its
// 8 bytes. An array is laid out as in C. A string[N] is N+1 bytes that end with
// NUL, padded to a multiple of 8, and then its length.
//
// # Publishing
//
// [Publisher.Publish] stores word by word, with sequentially consistent
// atomics. After each store it passes a step, which has a name:
//
//	StepClear    set the number in the next generation's place to 0
//	StepFill     store one word of its values (repeated)
//	StepNumber   set its number, one more than the current generation's
//	StepPoint    set vimage_current to this number
//	StepLive     store one word of NAME that differs (repeated)
//
// # Reading
//
// A variable of one word is one load from NAME_VARIABLE ([Word]). A group of
// variables ([Group], [Pair]) is read from one generation:
//
//	StepCurrent   load vimage_current: n
//	StepCopy      load one word of place n modulo 4 (repeated)
//	StepNumbered  load the number of the place; not n: start over
//
// Why a group is consistent. Assume that StepNumbered returned n. The publisher
// sets vimage_current to n after it has stored the words and the number of
// generation n, so the reader, which loaded n first, loads these words or later
// ones. A later one is stored after the number 0, and n is never stored again,
// so then StepNumbered could not have returned n.
//
// Why a reader never goes back. A read returns the generation that was current
// at its StepCurrent, and vimage_current only grows. A protocol that keeps the
// place in vimage_current, and compares the number before and after the copy,
// is not enough: a reader that is delayed after StepCurrent while three
// generations are published, and the fourth is at StepNumber, returns the
// fourth, and at its next read the third.
//
// A reader makes at most three tries and then reports that it has no value: it
// never waits for a publisher that died between two steps. Such a publisher
// leaves the current generation whole. A reader needs a second try only if the
// publisher published at least three times during the first.
//
// # Life of a page
//
// [Create] does these steps:
//
//	StepLock     lock .BASE.lock beside the path; another publisher has it: error
//	StepTemp     create a temporary file beside the path
//	StepWrite    write all of it, so that later stores need no space
//	StepMap      map it
//	StepRename   rename it to the path
//	StepMark     mark the file that had the path before as abandoned
//	StepBeat     store vimage_beat; from now on four times a period
//
// So a page at the path always has values. A new layout, and each restart of a
// publisher, is a new file; a mapped page is never truncated or laid out anew.
// The kernel drops the lock when the publisher dies. [Publisher.Close] marks
// the page abandoned and removes the path.
//
// A [Reader] looks at its page four times a period. It detaches, so that stubs
// report no value, if the mark is set, if the process with the publisher's pid
// and start time does not exist (same pid namespace only), or if the beat has
// not changed for a period. A reader of the same process's memory detaches at
// the mark only. It attaches to a new file at the path. So after the publisher
// was killed a reader returns the last values, which are consistent, for at
// most a quarter of a period where pids are visible, else for a period.
//
// A detached page stays mapped and untouched for 60 s, and for as long as a
// goroutine is inside of a read: the mapping is released by a cleanup of the Go
// value that stubs keep alive during a read.
//
// # Hostile pages
//
// A reader checks the file before it uses it: a regular file, not a symbolic
// link, not writable by group or others, at most 16 MB, well-formed. It parses
// a copy. All addresses that it loads from are computed from the checked copy;
// vimage_current is taken modulo 4. A page's values are what its publisher
// says.
//
// # Systems
//
// Files and mappings: Linux, macOS, the BSDs. Elsewhere Create and Open return
// errors.ErrUnsupported, and pages work in one process ([Local],
// [Publisher.Reader]). The checks of pid, boot and namespaces are Linux's; the
// beat works everywhere.
//
// # Limits
//
// The owner of a page can truncate its file; then a load raises SIGBUS, which
// ends the reader's process. Only the page's owner and root can do that.
// A load of an array or string from NAME_VARIABLE in C is not consistent; read
// NAME__hands by the protocol. The race detector does not see mapped memory, so
// tests run the same code on heap memory ([Local]).
package page
