// Package counter reads the CPU's counter of constant rate, in order: an
// earlier instruction is complete when the counter is read. Output: ticks of an
// unknown frequency, since an unknown moment.
//
//	amd64   LFENCE; RDTSC         if CPUID says that the TSC is invariant
//	arm64   ISB; MRS CNTVCT_EL0
//	others  none: Why says so
//
// Without the fence the CPU may read the counter before earlier loads: two
// threads that hand each other a value then see time run backwards. RDTSC
// followed by code that depends on it needs no second fence here: package
// vdso's readers may read the coefficients before or after the counter.
package counter
