package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// launchFlags are the flags of run about its images. Run hands them to the
// program, as the user of a launched binary does.
type launchFlags struct {
	n     int
	debug bool     // the program serves the debug pages
	flags []string // -vimage.n=3 and so on
}

// launchOwn lists the flags; true stands for boolean ones.
func launchOwn() map[string]bool {
	return map[string]bool{
		"n": false, "args": false, "prefix": true, "panic": false, "fail-fast": true, "restart": false, "debug": false,
	}
}

// launchVariable is the environment variable that means the same as a flag.
func launchVariable(flag string) string {
	return "VIMAGE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// readLaunchFlags reads the flags, and for those that are not given the
// environment, from dir, where the file names are relative to.
func readLaunchFlags(line goflags.Line, env []string, dir string) (l launchFlags, err error) {
	value := func(name string) (value, from string) {
		if v, ok := line.Last(name); ok {
			return v, "flag -" + name
		}
		v := launchVariable(name)
		return lookup(env, v), "environment variable " + v
	}
	on := func(name string) (bool, error) {
		v, from := value(name)
		if v == "" {
			return false, nil
		}
		b, err := strconv.ParseBool(v)
		if err != nil {
			return false, usageError{fmt.Sprintf("invalid value %q for %s", v, from)}
		}
		if b {
			l.flags = append(l.flags, "-vimage."+name)
		}
		return b, nil
	}
	// oneOf reads a flag that is one of two words.
	oneOf := func(name, off, on string) (bool, error) {
		v, from := value(name)
		switch v {
		case "", off:
			return false, nil
		case on:
			l.flags = append(l.flags, "-vimage."+name+"="+on)
			return true, nil
		}
		return false, usageError{fmt.Sprintf("invalid value %q for %s: want %s or %s", v, from, off, on)}
	}
	l.n = 1
	if v, from := value("n"); v != "" {
		if l.n, err = strconv.Atoi(v); err != nil || l.n < 1 {
			return l, usageError{fmt.Sprintf("invalid value %q for %s: want a number of images", v, from)}
		}
		l.flags = append(l.flags, "-vimage.n="+v)
	}
	if v, _ := value("args"); v != "" {
		l.n = max(l.n, 2) // as many as the file has lines
		l.flags = append(l.flags, "-vimage.args="+workspace.AbsFrom(dir, v))
	}
	if v, _ := value("debug"); v != "" {
		l.debug = true
		l.flags = append(l.flags, "-vimage.debug="+v)
	}
	if _, err = on("prefix"); err != nil {
		return l, err
	}
	failFast, err := on("fail-fast")
	if err != nil {
		return l, err
	}
	if _, err = oneOf("panic", "image", "process"); err != nil {
		return l, err
	}
	restart, err := oneOf("restart", "never", "on-failure")
	if err == nil && restart && failFast {
		err = usageError{"-fail-fast and -restart=on-failure cannot be used together"}
	}
	return l, err
}
