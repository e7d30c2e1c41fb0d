package core

// A VnetClock is an image's own clock: At is a moment of the system's monotonic
// clock, in ns. The image's clocks differ from the system's by Offset ns at
// that moment, and by Drift/2^32 ns more for each ns after it. It is not
// changed once an image has it.
type VnetClock struct{ At, Offset, Drift int64 }

// vnetClocked is 1 if an image ever had a clock.
var vnetClocked uint32

// VnetClocks reports whether an image ever had a clock of its own.
func VnetClocks() bool { return vnetLoad32(&vnetClocked) != 0 }

// VnetSetClock gives im, which is not created yet, a clock.
func VnetSetClock(im *VnetImage, c *VnetClock) {
	im.Clock = c
	vnetStore32(&vnetClocked, 1)
}

// Delta returns what to add to the system's clocks when its monotonic one is at
// mono. With a Drift above -2^32, mono + Delta(mono) never decreases.
func (c *VnetClock) Delta(mono int64) int64 {
	d := mono - c.At
	if d < 0 {
		return c.Offset // the clock begins at At
	}
	return c.Offset + c.drifted(d)
}

// drifted returns d * Drift / 2^32, rounded down, for a d that is not negative.
// The two halves of Drift are multiplied apart, so that no product overflows
// for rates up to 1000.
func (c *VnetClock) drifted(d int64) int64 {
	part := uint64(c.Drift & (1<<32 - 1))
	return d*(c.Drift>>32) + int64(uint64(d>>32)*part+uint64(d&(1<<32-1))*part>>32)
}

// Shift converts a moment of the system's monotonic clock, which is given as a
// sum, to the image's: the results' sum is start + since + Delta(start +
// since). Most steps need start alone: a caller who just read since off a
// counter waits for a product, and if the rate is not a whole number for two
// sums more.
func (c *VnetClock) Shift(start, since int64) (int64, int64) {
	d := start - c.At
	if d < 0 || uint64(since) >= 1<<32 {
		return start + c.Delta(start+since), since
	}
	whole, part := c.Drift>>32, uint64(c.Drift&(1<<32-1))
	start += c.Offset + d*whole
	if part == 0 {
		return start, since * (whole + 1)
	}
	low := uint64(d&(1<<32-1)) * part
	start += int64(uint64(d>>32)*part + low>>32)
	return start, since*(whole+1) + int64((uint64(since)*part+low&(1<<32-1))>>32)
}

// Real returns how long a duration of the image's time takes: at least as long.
func (c *VnetClock) Real(d int64) int64 {
	if d <= 0 || c.Drift == 0 {
		return d
	}
	rate := float64(c.Drift)/(1<<32) + 1
	real := float64(d)/rate + 2
	if real >= 1<<60 {
		return 1 << 60 // 36 years: more than a timer is set for
	}
	// The float has 53 bits: two steps bring it to where enough time passes.
	n := int64(real)
	for range 2 {
		if short := d - c.Passed(n); short > 0 {
			n += int64(float64(short)/rate) + 1
		}
	}
	return n
}

// Passed returns how much of the image's time passes in d of the system's.
func (c *VnetClock) Passed(d int64) int64 {
	return d + c.drifted(d)
}

// VnetReal returns how long a duration of the current image's time takes.
func VnetReal(d int64) int64 {
	if c := VnetClockOf(); c != nil {
		return c.Real(d)
	}
	return d
}
