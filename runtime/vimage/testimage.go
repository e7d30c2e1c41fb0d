package vimage

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// A TestImage describes one image of a test binary that vimagegen test
// -isolate=test built: the binary's main function runs in it, as in a process of
// its own. Package testing starts such images.
type TestImage struct {
	Name string
	Main func()   // runs instead of the binary's main function; nil for that one
	Env  []string // the environment to begin with
	Out  *os.File // takes what the image writes to its standard output and standard error

	// Wide is called in the image before it changes or measures what the
	// process has one of, for instance its file mode mask. It waits until the
	// image may do so, and reports whether it had to.
	Wide func(what string) bool
	// Enter is called before anything runs in the image.
	Enter func(*Image)
	// Ended is called once, in image 0, when the image has ended: with its exit
	// status, and with how it ended, for people.
	Ended func(im *Image, status int, how string)
}

// Start creates the image and starts its packages and then main in it, on a
// goroutine of its own.
func (t TestImage) Start() *Image {
	r := &tested{Image: newImage(), TestImage: t, how: "main returned"}
	r.core.Name = t.Name
	r.core.Env = slices.Clone(t.Env)
	r.core.Exit = func(code int) {
		r.exit(code)
		core.VnetVanish(&r.core) // no deferred function runs
	}
	r.core.Panic = r.panicked
	r.core.Wide = t.Wide
	t.Enter(r.Image)
	core.VnetCreate(&r.core)
	defer core.VnetSwap(core.VnetSwap(core.VnetZero()))
	go r.run()
	return r.Image
}

// A tested image is one of TestImage's.
type tested struct {
	*Image
	TestImage
	how string // how the image ended, if not by os.Exit
}

// run starts the packages and main, in the image.
func (r *tested) run() {
	core.VnetSettle(&r.core)
	main := r.Main
	if main == nil {
		main = core.VnetProgram()
	}
	core.VnetMain(func() {
		s := startup{im: r.Image, afterOS: r.redirect}
		if err := s.run(); err != nil {
			panic(err)
		}
	}, main)
	r.exit(0)
}

// redirect makes Out the image's standard output and standard error.
func (r *tested) redirect() {
	for i, file := range []**os.File{&os.Stdout, &os.Stderr} {
		if f, err := takeFile(i+1, duplicate(r.Out)); err == nil {
			*file = f
		}
	}
}

// panicked ends the image for a panic that no goroutine recovered. The trace
// needs no image's name: it stands in the output of its test.
func (r *tested) panicked(values, stacks []byte) {
	r.how = "panic"
	writeStderr(append(slices.Clone(values), stacks...))
	core.VnetExit(statusPanic)
}

// writeStderr writes to the current image's standard error, whatever the
// program has made of os.Stderr. Where descriptors are not looked up by image
// it is the process's.
func writeStderr(text []byte) {
	var stderr *os.File
	zero().Do(func() { stderr = os.Stderr })
	stderr.Write(text)
}

// exit ends the image.
func (r *tested) exit(code int) {
	r.end(func() {
		how := r.how
		if how != "panic" && r.core.At != 0 {
			how = "os.Exit at " + core.VnetPlace(r.core.At)
		}
		r.Ended(r.Image, code, how)
	})
}

// Abort ends a live image for a reason, which is written to its standard error
// with the stacks of its goroutines.
func (im *Image) Abort(reason string) {
	stacks := strings.TrimRight(core.VnetStacks(&im.core), "\n")
	defer core.VnetSwap(core.VnetSwap(core.VnetZero()))
	go func() { // this goroutine is the image's from here on
		core.VnetSwap(&im.core)
		writeStderr([]byte(reason + "\n\n" + stacks + "\n"))
		core.VnetExit(statusPanic)
	}()
}

// Deadlocked reports whether the image's goroutines are blocked for ever; false
// when that is not certain.
func (im *Image) Deadlocked() bool {
	return core.VnetWatches() && core.VnetLooksDead(&im.core) && core.VnetDeadlocked(&im.core)
}

// Unhost leaves the threads that C creates without an image, as in a program of
// several.
func Unhost() { core.VnetHost(nil) }

// Left says which goroutines, besides the calling one, and timers there are in
// the image after a moment, "" if there are none. It is called in the image.
func (im *Image) Left() string {
	goroutines := func() int { return core.VnetBusy(&im.core) - 1 }
	for range 20 { // those that are about to end
		if goroutines() == 0 && core.VnetTimers(&im.core) == 0 {
			return ""
		}
		time.Sleep(time.Millisecond)
	}
	var what []string
	count := func(n int, one, more string) {
		switch {
		case n == 1:
			what = append(what, "1 "+one)
		case n > 1:
			what = append(what, strconv.Itoa(n)+" "+more)
		}
	}
	count(goroutines(), "goroutine", "goroutines")
	count(core.VnetTimers(&im.core), "timer", "timers")
	if len(what) == 0 {
		return ""
	}
	var stacks []string
	for _, s := range strings.Split(strings.TrimSpace(core.VnetStacks(&im.core)), "\n\n") {
		if !strings.Contains(s, " [running]:\n") {
			stacks = append(stacks, "\n\n"+s)
		}
	}
	return strings.Join(what, " and ") + strings.Join(stacks, "")
}

// Stderr returns the current image's os.Stderr.
func Stderr() *os.File { return os.Stderr }

// Stdout returns the current image's os.Stdout.
func Stdout() *os.File { return os.Stdout }
