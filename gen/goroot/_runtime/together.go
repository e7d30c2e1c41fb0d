package together

import "time"

// What package testing calls of tests.go, where the tests of a binary share one
// image.

func vnetStart(testDeps, []InternalTest, []InternalBenchmark, []InternalFuzzTarget, []InternalExample) *M {
	return nil
}
func vnetInit() bool    { return false }
func vnetRun(*M) bool   { return false }
func vnetPaused(*T)     {}
func vnetAlone() func() { return vnetNothing }
func vnetNothing()      {}
func vnetReported(*T)   {}

func vnetTests(_ *M, _ time.Time, plain func() (bool, bool)) (ran, ok bool) { return plain() }
func vnetFuzzTests(plain func() (bool, bool)) (ran, ok bool)                { return plain() }
func vnetExamples(plain func() (bool, bool)) (ran, ok bool)                 { return plain() }

func vnetList() []string { return runningList() }

func vnetCount(n uint32)             { numFailed.Add(n) }
func vnetFailFast() (stop, own bool) { return false, false }
func vnetParallelStart(n int64)      { parallelStart.Add(n) }
func vnetParallelStop(n int64)       { parallelStop.Add(n) }
func vnetStarted() int64             { return parallelStart.Load() }
func vnetStopped() int64             { return parallelStop.Load() }
