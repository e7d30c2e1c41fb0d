package runtime

// vnetEmpty is not known where the runtime does not count the goroutines that
// it starts as expected.
func vnetEmpty(*VnetImage) bool { return false }
