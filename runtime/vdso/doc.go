// Package vdso reads the time without a system call and faster than the
// system's own vDSO: from the CPU's counter and coefficients that a keeper
// compares with the system's clock and publishes in a shared page (package
// page). Each image may have a clock of its own.
//
//	vdso.Now()         the time of day; no monotonic reading
//	vdso.Monotonic()   the time since the epoch of the system's monotonic clock
//	vdso.NowCoarse()   the time of day at the last tick: one load
//	vdso.Sleep(d), vdso.After(d)
//
// The first call starts the process's keeper, a goroutine. Until it has
// measured the counter, 10 ms later, and whenever the page cannot be used,
// calls read the system's clock. [Open] reads a clock that another process
// keeps with [Serve].
//
// # Lines
//
// The monotonic time is one piecewise linear function of the counter. The
// keeper extends it: when a line begins, the keeper publishes the next one,
// which begins where this one ends, 200 ms later, and has the slope that brings
// it to the system's clock (0.25 µs after it) at its end. A line that is
// published never changes, but for its end. The page has two lines and the end
// of the second:
//
//	Lines [10]uint64   start, ns, slope of the older; start, ns, slope of the newer;
//	                   limit; wall; floor; end
//	Coarse int64       the time of day in ns since 1970 at the last tick
//	Reason string[80]  why the clock cannot be used, "" if it can
//
// Counter values are ticks; slopes are ns a tick, times 2^32; wall is the time
// of day less the monotonic time, in ns.
//
// A read takes these steps:
//
//  1. read the counter, in order (package counter);
//  2. load the lines that belong to it, of one generation;
//  3. if the counter is between start and limit, evaluate the line;
//  4. else read the system's clock, and look again: if there is a line for the
//     counter now, evaluate it; else return the greater one of the system's
//     clock and floor.
//
// Why time does not run backwards, for a reader and across readers. While lines
// are there, each reader returns the same nondecreasing function of a counter
// that is read in order, whenever it loads the lines. To end them, the keeper
// lowers the limit to a counter value of the near future. Readers that have not
// seen the new limit may exceed it, so until the keeper has looked at the
// counter after it published, fallbacks are at least the line's value at their
// own counter, up to the old limit (end); then they are at least floor, the
// greatest value that was read. A new start is in the future, above the
// system's clock by the bias and the error of the comparison, and not below the
// floor; reads before it return the system's clock of that time, which is less.
// Step 4 looks at the counter after the system's clock, so that a reader that
// was delayed in between does not return an old value after the start.
//
// # When lines end
//
// The keeper ends the lines and starts anew, or not at all, if
//
//   - it is late: the counter has reached the limit (nothing needs to be done
//     for readers to fall back: a dead keeper's clock ends by itself);
//   - the counter ran backwards or its frequency changed by more than 1 %, as
//     when a virtual machine moves; the third time within 10 s of the one
//     before it gives up;
//   - the monotonic clock differs from the line by more than 1 ms, as after a
//     suspend or an exchange of the counter;
//   - the kernel changed its clock source (Linux): it gives up.
//
// A step of the time of day changes wall, and no line: [Now] steps as time.Now
// does, at the keeper's next tick, at most 10 ms later while the keeper runs in
// time. There are lines only if the counter is invariant and, on Linux, the
// kernel's clock source reads it ("tsc", "arch_sys_counter"). Elsewhere all
// calls read the system's clock.
//
// # Errors
//
// The difference to the system's clock is the bias (0.25 µs), the error of the
// comparison (less than that), and what the system's rate changed by since the
// line was published: up to 0.4 µs for a change of 1 ppm, and 200 µs for one of
// 500 ppm, for as long as three lines last. internal/vdsobench -accuracy
// measures it.
//
// # Clocks of images
//
// [vimage.WithClock] gives an image an offset and a rate. For code in the image
// Now, Monotonic and NowCoarse return image time, and Sleep and After wait for
// a duration of image time. See package vimage. Measured in the g slot on a
// machine where Monotonic takes 22.5 ns, an offset adds 0.8 ns to it, a rate
// that is a whole number 1.4 ns, and any other 2.4 ns.
//
// # Tests
//
// The checks follow Linux's self-tests (tools/testing/selftests):
//
//	vDSO/vdso_test_gettimeofday, _clock_getres, _correctness   TestAgainstSystem
//	vDSO/vdso_test_abi             page's TestC, TestTools, TestValues
//	vDSO/vdso_standalone_test, parse_vdso    elfso's TestParse, FuzzParse
//	vDSO/vdso_config, _getcpu, _getrandom, _chacha, vdso_restorer    none: no such functions here
//	timers/inconsistency-check     TestMonotonic, TestAcross
//	timers/raw_skew, freq-step, change_skew, adjtick, skew_consistency    TestFrequency
//	timers/set-timer-lat, alarmtimer-suspend    TestSuspend (time stops); the timers are Go's
//	timers/clocksource-switch, inconsistency after it    TestSourceChanged
//	timers/nanosleep, nsleep-lat   TestSleep
//	timers/leap-a-day, leapcrash, set-tai    TestStep (a leap second is a step here)
//	timers/set-2038, 2038          Test2038
//	timers/valid-adjtimex, rtctest, posix_timers, mqueue-lat, threadtest, set-tz    none:
//	                               they test system calls that this package does not replace
//	timens/timens, clock_nanosleep, timer, timerfd    TestImageClock, TestImageSleep
//	timens/exec, fork_exec, vfork_exec    page's TestKilledAtEachStep: a child has its own keeper;
//	                               Go programs do not fork without exec
//	timens/procfs, futex, gettime_perf    none, none, internal/vdsobench
//
// # Limits
//
// A counter that runs back within the lines that are published, that is by less
// than 400 ms, is not noticed by readers, but by the keeper at its next tick:
// until then reads repeat times that were read before. If a keeper's process
// ends and another one keeps the page, times may step back by the errors of the
// two. [Now] has no monotonic reading: use [Monotonic] for durations. In a
// build whose images are kept by labels, the current image costs more than the
// 1 ns of the g slot. A process that was forked from C without exec has no
// keeper.
package vdso
