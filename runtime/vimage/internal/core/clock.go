package core

// A VnetClock is an image's own clock: At is a moment of the system's monotonic
// clock, in ns. The image's clocks differ from the system's by Offset ns at that
// moment, and by Drift/2^32 ns more for each ns after it. It is not changed once
// an image has it.
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
	hi, lo := d>>32, d&(1<<32-1)
	// Two products, so that none overflows for rates up to 1000.
	return c.Offset + hi*c.Drift + lo*(c.Drift>>16)>>16 + lo*(c.Drift&0xffff)>>32
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
	hi, lo := d>>32, d&(1<<32-1)
	return d + hi*c.Drift + lo*(c.Drift>>16)>>16 + lo*(c.Drift&0xffff)>>32
}

// VnetReal returns how long a duration of the current image's time takes.
func VnetReal(d int64) int64 {
	if c := VnetClockOf(); c != nil {
		return c.Real(d)
	}
	return d
}
