// Command vdsobench measures shared pages and their clock beside the machine's
// own: its vDSO, as package time calls it, and its system calls.
//
//	go run ./internal/vdsobench [-rounds 9] [-accuracy 1m] [-reads 1e9]
//	vimagegen build -o vdsobench ./internal/vdsobench    # measures images' own clocks too
//
// Each round measures everything once, in turn, so that a change of the
// machine's speed hits all alike. Output: a line for each measurement with the
// median of its rounds in ns, and a line for each limit with the ratio or
// difference of medians and whether it is kept. With -accuracy it compares the
// clock with the system's for so long. With -reads two goroutines read a group
// so often while a publisher stores at full speed, and read the clock; torn
// groups, backward steps and reads that are not between two reads of the
// system's clock are counted. Exit status 1 if a limit is not kept.
//
// Figures of one machine do not compare with another's; the limits do.
package main
