package time

import "runtime"

// vnetNow is runtimeNow by the image's clock. Times of a testing/synctest
// bubble are the bubble's.
func vnetNow() (sec int64, nsec int32, mono int64) {
	sec, nsec, mono = runtimeNow()
	c := runtime.VnetClockOf()
	if c == nil || mono == 0 || runtimeIsBubbled() {
		return sec, nsec, mono
	}
	delta := c.Delta(mono)
	wall := sec*1e9 + int64(nsec) + delta
	sec, nsec = wall/1e9, int32(wall%1e9)
	if nsec < 0 {
		sec, nsec = sec-1, nsec+1e9
	}
	return sec, nsec, mono + delta
}

// vnetNano is runtimeNano by the image's clock.
func vnetNano() int64 {
	mono := runtimeNano()
	if c := runtime.VnetClockOf(); c != nil && !runtimeIsBubbled() {
		mono += c.Delta(mono)
	}
	return mono
}

// vnetReal returns how long a duration of the image's time takes.
func vnetReal(d Duration) Duration {
	if d <= 0 || runtimeIsBubbled() {
		return d
	}
	return Duration(runtime.VnetReal(int64(d)))
}

// vnetLate converts the time by which a timer is late, which is less than 0.
func vnetLate(d int64) Duration {
	c := runtime.VnetClockOf()
	if c == nil || c.Drift == 0 {
		return Duration(d)
	}
	return Duration(c.Passed(d))
}
