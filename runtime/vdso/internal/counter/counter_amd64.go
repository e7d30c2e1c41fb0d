package counter

// Read returns the counter.
func Read() uint64

func cpuid(leaf uint32) (eax, ebx, ecx, edx uint32)

// Why returns why the counter must not be used, "" if it may.
func Why() string {
	const extended, power, invariant = 0x80000000, 0x80000007, 1 << 8
	if highest, _, _, _ := cpuid(extended); highest < power {
		return "the CPU does not say whether its counter is invariant"
	}
	if _, _, _, edx := cpuid(power); edx&invariant == 0 {
		return "the CPU's counter is not invariant"
	}
	return ""
}

// Source is the name of the system's clock source that reads this counter.
const Source = "tsc"
