/*
# Test: test packages in an image of their own

Usage:

	vimagegen test [-isolate=package|test [-testmain=image|once] [-test-timeout=D] [-slow=D]
		[-retries=N] [-partition=K/N] [-group='NAME=N REGEXP']... [-leaks] [-detect-pollution]
		[-allow-dependent] [-summary]
		[-junit=FILE] [-compare]]
		[-check-isolation[=strict] [-diff]] [-slot g|label] [-modules LIST] [-loadable]
		[build and test flags] [packages] [test binary flags]

Test runs the tests of packages as go test does, with the same flags, virtualised and in an image
that is not image 0. Packages of other modules can be named too, as for go test.

The flags of its own:

	-isolate=package|test
		with package, which is the default, the tests of a package share one image. With test, each
		top-level test, fuzz target and example has an image of its own; see below.
	-testmain=image|once
		with -isolate=test: image, the default, runs TestMain in the image of each test; once runs
		it in the first image only, for a TestMain that sets up something outside the process.
	-test-timeout=D
		with -isolate=test: end a test that has run for longer than D (as 30s), and report it as
		failed with the stacks of its image's goroutines. The others go on.
	-slow=D
		report a test that has run for longer than D while it runs, and again after each D.
	-retries=N
		run a failed test again, up to N times, each time in a new image. One that passes then counts
		as passed and is reported as FLAKY.
	-partition=K/N
		run only the tests of part K of N. A test's part depends on its name and package alone.
	-group='NAME=N REGEXP'
		run at most N tests at a time of those whose names match REGEXP. The flag may repeat; a test in
		several groups waits for all of them.
	-leaks
		report the goroutines and timers that a test has left in its image, and fail.
	-detect-pollution
		report which variables of packages outside the standard library a test leaves changed.
	-allow-dependent
		count a test that depends on others (see below) as it ends after those.
	-summary
		print a line with the number of tests and images, the time, and the sum of the tests' times.
	-junit=FILE
		write the results as JUnit's XML.
	-compare
		run go test, and then the tests in images, and print results and times side by side, as a table
		in Markdown. Fail if the result of a test differs.
	-check-isolation
		create a second image, the witness, before the tests run, in which nothing runs but the
		packages' initialisation. When the tests, benchmarks and examples have run, or TestMain
		has called os.Exit without them, look through the heap for objects that both images
		reach otherwise than through shared variables. Each is told with its type, and from
		each image with a variable and what leads on from it, and the line of its declaration;
		then the run fails. What initialisation prints is printed twice; one that works only
		once fails the run. See package runtime/vimage/isolation for what is seen and what is not.
	-check-isolation=strict
		do not take the user's word for it that a variable may be shared: objects that an image
		and such a variable both lead to are told, too.
	-diff
		with -check-isolation: compare what the witness's variables lead to with what it was
		before the tests ran, too, and so variables that are shared because they are proved not
		to change; if strict, those shared by the user's word. Each value that has changed is
		told with both values.
	-slot g|label, -modules LIST, -loadable, -stats FILE
		as for build.

# An image for each test

vimagegen test -isolate=test runs the tests of a package at the same time, each in an image of its
own, and prints what go test prints, in the same order. -parallel=N says how many run at a time. By
default it is the number of processors, and more while the processors idle, as with tests that sleep.

Subtests run in their test's image, seeds in that of their fuzz target. Benchmarks run alone, in an
image in which no test has run, and so does a single test that -run has chosen. -fuzz runs as with
-isolate=package. -count=N runs a test N times in its image, -failfast discards what runs beside or
after the first test that fails.

A test that ends badly ends alone: by a panic in any goroutine of its image, by os.Exit (log.Fatal),
by a deadlock of all the image's goroutines, or by -test-timeout. It is reported as failed, and the
others go on. Faults of the Go runtime end the process, and with it all tests that were running:
concurrent map writes, out of memory, stack overflow. A deadlock is seen in programs without C in
which no variable is shared by the user's word; package net counts as C unless CGO_ENABLED=0.

TestMain and the initialisation of packages run in the first image, which begins the run, and in the
image of each test. What they print is printed once. If the image of a test that has passed ends with
another status than 0, since its TestMain found a leak for instance, that is reported and the run fails.

A test that fails in an image of its own may depend on tests before it. When all tests have run,
the tests up to the last failed one run again in one image, in order. Of a failed test that passes
there, the fewest tests that it needs are looked for, by halving, and so are the variables without
whose changes it fails:

	TestB depends on TestA through m.registry (written in m.Register (m.go:7)): it passes after
	it in one image, and fails in an image of its own

The run fails all the same unless -allow-dependent is given. A failed test that passes when it is run
again alone is reported so. None of this is done with -failfast or several values of -cpu.

Each test has an environment and, on Linux, a working directory of its own, so t.Setenv and t.Chdir
are for parallel tests, too. A test that changes the directory of a program that calls C runs alone.
What the process has one of is used by one test at a time, after the others: the file mode mask,
resource limits, an address that another test listens on, and statistics of memory
(runtime.ReadMemStats, testing.AllocsPerRun, testing.Benchmark). On platforms other than Linux this
holds for addresses and statistics only.

Other things of the process are shared as under vimagegen run -n (vimagegen help process), and tests may
disturb each other by them: files of one name, which programs often derive from the process's number
and the time, and the time that a busy machine takes. Run such tests with -parallel=1, or give them a
-group.

What a test writes to standard error goes to standard output, as it does under go test.
println, and reports of the race detector, are written at once, not at the place of their test. A
race counts for every test that runs while it is found. With -covermode=count tests run one after
the other, since counters are not atomic. A goroutine that a test has left blocked keeps its stack
until the process ends.
*/
package main
