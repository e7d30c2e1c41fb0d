package counter

// Read returns the counter.
func Read() uint64

// Why returns why the counter must not be used, "" if it may.
func Why() string { return "" }

// Source is the name of the system's clock source that reads this counter.
const Source = "arch_sys_counter"
