package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 9, "of all measurements")
	accuracy := flag.Duration("accuracy", 0, "how long the clock is compared with the system's")
	reads := flag.Float64("reads", 0, "consistent reads against a publisher at full speed")
	flag.Parse()
	good := true
	limit := func(ok bool, format string, args ...any) {
		verdict := "kept"
		if !ok {
			verdict, good = "MISSED", false
		}
		fmt.Printf("%-7s %s\n", verdict, fmt.Sprintf(format, args...))
	}
	s, err := newSubjects()
	if err != nil {
		fmt.Fprintln(os.Stderr, "vdsobench:", err)
		os.Exit(2)
	}
	m := measure(s.list(), *rounds)
	for _, sub := range s.list() {
		fmt.Printf("%9.2f ns  %s\n", m[sub.name], sub.name)
	}
	fmt.Println()
	word := m["page word"] / m["global"]
	limit(word <= 2, "one-word read: %.2f times a load of a global (at most 2)", word)
	limit(m["page pair"] <= 1.5, "two-word read: %.2f ns (at most 1.5)", m["page pair"])
	pid := m["getpid"] / m["self.Pid"]
	limit(pid >= 100, "identity: %.0f times as fast as the system call (at least 100)", pid)
	mono := m["time.Since"] / m["vdso.Monotonic"]
	limit(mono >= 1.1, "Monotonic: %.2f times as fast as time.Since (at least 1.1)", mono)
	now := m["time.Now"] / m["vdso.Now"]
	limit(now >= 1.8, "Now: %.2f times as fast as time.Now (at least 1.8)", now)
	for _, c := range s.clocks {
		if c.name != "" {
			over := m[c.subject()] - m[s.clocks[0].subject()]
			limit(over <= 1, "an image's clock, %s: %.2f ns over the common one (at most 1)", c.name, over)
		}
	}
	if *accuracy > 0 {
		p50, p99, worst, fell := compare(*accuracy)
		fmt.Printf("accuracy over %v: median %v, 99th percentile %v, greatest %v; %d reads fell back\n",
			*accuracy, p50, p99, worst, fell)
		limit(p99 < time.Microsecond, "error at the 99th percentile: %v (less than 1µs)", p99)
	}
	if *reads > 0 {
		torn, back, outside, fell := s.soak(int(*reads))
		limit(torn+back+outside == 0,
			"%.0f reads: %d torn groups, %d backward steps, %d outside of the system's clock; %d fallbacks",
			*reads, torn, back, outside, fell)
	}
	if !good {
		os.Exit(1)
	}
}

// measure returns medians by name.
func measure(list []subject, rounds int) map[string]float64 {
	all := map[string][]float64{}
	for range rounds {
		for _, sub := range list {
			all[sub.name] = append(all[sub.name], sub.once())
		}
	}
	out := map[string]float64{}
	for name, v := range all {
		slices.Sort(v)
		out[name] = v[len(v)/2]
	}
	return out
}
