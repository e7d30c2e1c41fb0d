package cli

import (
	"fmt"
	"strconv"

	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// launchFlags are the flags of run about its images, in the form in which
// runtime/vimage's Launch reads them.
type launchFlags struct {
	N             int  `json:"n"`
	Prefix        bool `json:"prefix"`
	ProcessPanics bool `json:"processPanics"`
	FailFast      bool `json:"failFast"`
	Restart       bool `json:"restart"`
}

// launchOwn lists the flags; true stands for boolean ones.
func launchOwn() map[string]bool {
	return map[string]bool{"n": false, "prefix": true, "panic": false, "fail-fast": true, "restart": false}
}

func readLaunchFlags(line goflags.Line) (l launchFlags, err error) {
	l.N = 1
	if v, ok := line.Last("n"); ok {
		if l.N, err = strconv.Atoi(v); err != nil || l.N < 1 {
			return l, usageError{fmt.Sprintf("invalid value %q for flag -n: want a number of images", v)}
		}
	}
	if l.Prefix, err = parseBool(line, "prefix"); err != nil {
		return l, err
	}
	if l.FailFast, err = parseBool(line, "fail-fast"); err != nil {
		return l, err
	}
	if v, ok := line.Last("panic"); ok {
		if v != "image" && v != "process" {
			return l, usageError{fmt.Sprintf("invalid value %q for flag -panic: want image or process", v)}
		}
		l.ProcessPanics = v == "process"
	}
	if v, ok := line.Last("restart"); ok {
		if v != "never" && v != "on-failure" {
			return l, usageError{fmt.Sprintf("invalid value %q for flag -restart: want never or on-failure", v)}
		}
		l.Restart = v == "on-failure"
	}
	if l.Restart && l.FailFast {
		return l, usageError{"-fail-fast and -restart=on-failure cannot be used together"}
	}
	return l, nil
}
