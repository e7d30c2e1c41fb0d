// Package imagetest schedules the tests of one test binary over images and puts
// their output into the order in which go test prints it. Package testing uses
// it in binaries that vimagegen test -isolate=test built.
//
// Input: a list of jobs (top-level tests, fuzz targets and examples, in the
// order in which go test runs them) and a function that starts a job in an
// image of its own.
//
// Output: the text that go test prints for these jobs, one job's text after the
// other's, and whether all passed.
//
// # Algorithm
//
// A job writes to a file of its own (a memory file on Linux), which is the
// image's standard output and standard error. The job reports when a round of
// it begins (-count=3 makes three rounds), when its test calls t.Parallel, and
// when the round is done; each report notes the size of the file at that
// moment. So the file is cut into parts:
//
//	before round 0   what initialisation and TestMain print: dropped, because the
//	                 image that began the run has printed the same
//	round n          printed in the order of the list; what follows a call of
//	                 t.Parallel comes after all other tests, as in go test
//	the rest         what TestMain prints afterwards: dropped, unless the image's
//	                 exit status differs from its test's result
//
// The part that is next in this order is printed as it grows. Up to
// Config.Parallel jobs run at a time; if Config.Wide is set, more of them while
// the processors idle.
//
// A failed job runs again up to Config.Retries times. Jobs of a group ([Limit])
// exclude each other. [Run.Depend] finds out which failed tests need the
// changes of others.
//
// A job that needs the whole process (testing.AllocsPerRun counts allocations
// of all goroutines) asks for it by [Job.Alone] and waits until no other job
// runs.
//
// # Limits
//
// What the Go runtime or the race detector writes by itself (println, race
// reports) goes to the process's standard error at once. The output of a
// process that a test started and left running is not waited for.
package imagetest
