package tests

// What package testing calls for a test that runs in an image of its own: its
// counts are the image's.

// vnetList is called by the function of -timeout instead of runningList.
func vnetList() []string {
	if r := vnetRunning; r != nil {
		r.Flush()
	}
	return runningList()
}

// vnetCount is called by tRunner and fRunner when a test has failed.
func vnetCount(n uint32) {
	if j := vnetCurrent(); j != nil {
		j.failed.Add(n)
		return
	}
	numFailed.Add(n)
}

// vnetFailFast is called at the head of shouldFailFast. In an image of a job,
// own is true, and stop the result.
func vnetFailFast() (stop, own bool) {
	if j := vnetCurrent(); j != nil {
		return *failFast && j.failed.Load() > 0, true
	}
	return false, false
}

// vnetReported is called when a test has ended.
func vnetReported(t *T) {
	if t.level == 1 && t.Skipped() {
		if j := vnetCurrent(); j != nil {
			j.Skip()
		}
	}
}

// vnetPaused is called in T.Parallel, where the test waits for the others.
func vnetPaused(t *T) {
	if j := vnetCurrent(); j != nil && t.level == 1 {
		j.Pause()
	}
}

// vnetParallelStart and vnetParallelStop are called instead of
// parallelStart.Add and parallelStop.Add.
func vnetParallelStart(n int64) {
	if j := vnetCurrent(); j != nil {
		j.parStart.Add(n)
		return
	}
	parallelStart.Add(n)
}

func vnetParallelStop(n int64) {
	if j := vnetCurrent(); j != nil {
		j.parEnd.Add(n)
		return
	}
	parallelStop.Add(n)
}

// vnetStarted and vnetStopped are called instead of their Load.
func vnetStarted() int64 {
	if j := vnetCurrent(); j != nil {
		return j.parStart.Load()
	}
	return parallelStart.Load()
}

func vnetStopped() int64 {
	if j := vnetCurrent(); j != nil {
		return j.parEnd.Load()
	}
	return parallelStop.Load()
}

// vnetAlone is called at the head of what measures the whole process, and the
// function that it returns at the end.
func vnetAlone() func() {
	if j := vnetCurrent(); j != nil {
		return j.Alone()
	}
	return func() {}
}
