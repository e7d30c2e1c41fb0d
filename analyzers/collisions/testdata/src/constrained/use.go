package constrained

// Use changes them.
func Use() {
	handle++
	last = nil
	buf = nil
	count++
	made["x"]++
	guess = nil
	_ = table
}
