package vimage

import (
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// place returns file and line of the latest panic, or call of runtime.Goexit,
// seen from a deferred function.
func place() string {
	unwinding := false
	return findFrame(func(f runtime.Frame) bool {
		if f.Function == "runtime.gopanic" || f.Function == "runtime.Goexit" {
			unwinding = true
			return false
		}
		return unwinding && !strings.HasPrefix(f.Function, "runtime.")
	})
}

// exitPlace returns file and line of who asked for the exit that is under way:
// the first that is not of the library.
func exitPlace() string {
	return findFrame(func(f runtime.Frame) bool { return !library(f.Function) })
}

func findFrame(wanted func(runtime.Frame) bool) string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if wanted(f) {
			return f.File + ":" + strconv.Itoa(f.Line)
		}
		if !more {
			return ""
		}
	}
}

// library reports whether a function is of those that stand between a program
// and what it waits or exits by. This package has two homes, and in driven
// builds a package of forwarders in the first.
func library(function string) bool {
	const home = "github.com/go-vimage/vimage/runtime/vimage"
	for _, p := range []string{
		home + ".", home + "/internal/", "container.",
		"runtime.", "internal/", "sync.", "sync/", "time.", "syscall.", "os.", "io.", "net.", "context.", "log.", "log/", "flag.",
	} {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return false
}

// funcPlace returns file and line of a function.
func funcPlace(f func() error) string {
	fn := runtime.FuncForPC(**(**uintptr)(unsafe.Pointer(&f)))
	file, line := fn.FileLine(fn.Entry())
	return file + ":" + strconv.Itoa(line)
}

// inside reports whether this goroutine runs, at whatever depth, one of our
// functions.
func inside(suffix string) bool {
	return findFrame(func(f runtime.Frame) bool { return strings.HasSuffix(f.Function, suffix) }) != ""
}

// stackPlace returns where, outside of the library, the goroutine stands in
// whose stack is the mark.
func stackPlace(mark string) string {
	for block := range strings.SplitSeq(allStacks(), "\n\n") {
		if !strings.Contains(block, mark) {
			continue
		}
		lines := strings.Split(block, "\n")
		for i := 1; i+1 < len(lines); i += 2 { // after the head: function, place, function, place
			if library(lines[i]) {
				continue
			}
			at, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +0x")
			return at
		}
	}
	return ""
}

func allStacks() string {
	buf := make([]byte, 64<<10)
	for {
		im := core.VnetSwap(nil) // in an image, Stack shows the image's goroutines alone
		n := runtime.Stack(buf, true)
		core.VnetSwap(im)
		if n < len(buf) || n >= 64<<20 {
			return string(buf[:n])
		}
		buf = make([]byte, 2*len(buf))
	}
}

func show(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case interface{ String() string }:
		return v.String()
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	}
	return "a value that is neither error nor string"
}
