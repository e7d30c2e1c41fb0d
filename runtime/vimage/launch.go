package vimage

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// Launch is the main function of a program built by vimagegen run, or by
// vimagegen build -launch: it starts main in images 1 to n at the same time, and
// ends the process when all have ended, with the highest status. Generated code
// calls it. The flags -vimage.*, in front of the program's own arguments, and
// environment variables VIMAGE_* say how many images there are, and more:
// -vimage.help lists them.
//
// An image ends as a process does: by main's return, by os.Exit, or by a panic
// that no goroutine recovers. If there are several, a line on the standard
// error names each that ended badly.
func Launch(main func()) { launch(main, nil) }

// LaunchDebug returns a Launch that serves the debug pages, if its user asks
// for them: serve starts to listen on an address, and returns it in full.
func LaunchDebug(serve func(addr string) (string, error)) func(main func()) {
	return func(main func()) { launch(main, serve) }
}

func launch(main func(), serve func(addr string) (string, error)) {
	s := takeSettings()
	if s.debug != "" {
		if err := s.serve(serve); err != nil {
			os.Stderr.WriteString("vimage: debug pages: " + err.Error() + "\n")
			os.Exit(2)
		}
	}
	l := &launcher{settings: s, main: main, ends: make(chan ending), running: make([]*launched, s.n)}
	var images []*launched
	for i := range s.n { // one after the other, which makes the IDs 1 to n
		images = append(images, l.image(i+1, restartDelay))
	}
	for _, r := range images {
		go r.run(main)
	}
	if core.VnetWatches() {
		go l.watch()
	}
	status := l.wait()
	for _, r := range images { // of those that still run, with failFast
		r.drain()
	}
	os.Exit(status)
}

// serve serves the debug pages, and prints where.
func (s *settings) serve(serve func(addr string) (string, error)) error {
	if serve == nil {
		return errors.New("this program has none: build it with vimagegen build -launch -debug")
	}
	addr, err := serve(s.debug)
	if err == nil {
		os.Stderr.WriteString("vimage: debug pages at http://" + addr + "/debug/vimage/\n")
	}
	return err
}

// A launcher starts main in images, and counts how they end.
type launcher struct {
	settings
	main func()
	out  printer
	ends chan ending

	mu      sync.Mutex
	running []*launched // by number; the latest of each
}

// An ending is how one image ended.
type ending struct {
	image  *launched
	status int
}

// An image that ended badly is started again after a delay, which doubles each
// time, and starts over for an image that lived for longer than the longest.
const (
	restartDelay = 100 * time.Millisecond
	longestDelay = 30 * time.Second
)

// image makes the image of a number, in which nothing runs yet.
func (l *launcher) image(number int, delay time.Duration) *launched {
	r := &launched{Image: newImage(), number: number, ends: l.ends, delay: delay}
	var line imageLine
	if l.lines != nil {
		line = l.lines[number-1]
	}
	r.core.Name = strconv.Itoa(number)
	numbered := func(list []string) []string {
		out := make([]string, len(list))
		for i, s := range list {
			out[i] = strings.ReplaceAll(s, "{image}", r.core.Name)
		}
		return out
	}
	r.core.Env = append(os.Environ(), numbered(line.env)...)
	// A list of its own: os.Args may be written.
	r.core.Args = slices.Concat(os.Args[:1], numbered(os.Args[1:]), numbered(line.args))
	r.core.Exit = func(code int) {
		r.exit(code)
		core.VnetVanish(&r.core) // no deferred function runs
	}
	if !l.processPanics {
		r.core.Panic = func(values, stacks []byte) { r.panicked(l.n, values, stacks) }
	}
	if l.prefix {
		r.out = &l.out
	}
	core.VnetCreate(&r.core)
	if l.n == 1 {
		core.VnetHost(&r.core)
	}
	l.mu.Lock()
	l.running[number-1] = r
	l.mu.Unlock()
	return r
}

// wait returns the highest status of the images, when all have ended for good.
func (l *launcher) wait() int {
	last := make([]int, l.n) // the status that each ended with
	for running := l.n; running > 0; {
		e := <-l.ends
		switch {
		case e.status == 0:
			running--
		case l.restart:
			l.again(e)
		case l.failFast:
			l.say(e.image.Name(), e.status, "")
			return e.status
		default:
			last[e.image.number-1] = e.status
			running--
		}
	}
	highest := 0
	for i, status := range last {
		if status != 0 && l.n > 1 {
			l.say(strconv.Itoa(i+1), status, "")
		}
		highest = max(highest, status)
	}
	return highest
}

// again starts an image anew, in the place of one that ended badly.
func (l *launcher) again(e ending) {
	delay := e.image.delay
	if time.Since(e.image.Created()) > longestDelay {
		delay = restartDelay
	}
	l.say(e.image.Name(), e.status, "; starts again in "+delay.String())
	time.AfterFunc(delay, func() {
		l.image(e.image.number, min(2*delay, longestDelay)).run(l.main)
	})
}

func (l *launcher) say(image string, status int, what string) {
	os.Stderr.WriteString("image " + image + ": exit status " + strconv.Itoa(status) + what + "\n")
}

// A launched image is one of Launch's.
type launched struct {
	*Image
	number int
	out    *printer
	pipes  []*pipe
	ends   chan<- ending
	delay  time.Duration // before it is started again

	look  time.Time     // when to look for a deadlock, if all goroutines are blocked
	pause time.Duration // until the next such look
}

// run starts the packages and main, in the image.
func (r *launched) run(main func()) {
	var afterOS func()
	if r.out != nil {
		afterOS = r.redirect
	}
	core.VnetSettle(&r.core)
	returned := false
	defer func() {
		if !returned && core.VnetKnowsTimers { // main has called runtime.Goexit, or panics
			defer core.VnetSwap(core.VnetSwap(core.VnetZero()))
			go r.outlive()
		}
	}()
	core.VnetMain(func() {
		s := startup{im: r.Image, afterOS: afterOS}
		if err := s.run(); err != nil {
			panic(err)
		}
	}, main)
	returned = true
	r.exit(0)
}

// outlive ends the image whose main goroutine has ended by runtime.Goexit, when
// nothing is left in it that could run, as the runtime ends a process.
func (r *launched) outlive() {
	for r.State() == Live {
		if core.VnetBusy(&r.core) == 0 && core.VnetTimers(&r.core) == 0 {
			core.VnetSwap(&r.core)
			say("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n")
			r.exit(2)
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// say prints a line to the current image's standard error. It is a function of
// its own as setArgs is.
func say(line string) { os.Stderr.WriteString(line) }

// stderr is the image's standard error for what ends it.
func (r *launched) stderr() (stderr *os.File) {
	zero().Do(func() { stderr = os.Stderr })
	// Where descriptors are looked up, the number that image 0's file has is
	// the image's here.
	if len(r.pipes) == 2 && !core.VnetOwnFds {
		stderr = r.pipes[1].w
	}
	return stderr
}

// panicked ends the image for a panic.
func (r *launched) panicked(images int, values, stacks []byte) {
	stderr := r.stderr()
	if images == 1 { // it needs no name
		stderr.Write(append(append([]byte{}, values...), stacks...))
		core.VnetExit(statusPanic)
	}
	r.Image.panicked(stderr, values, stacks)
}

// redirect gives the image an os.Stdout and an os.Stderr of its own.
func (r *launched) redirect() {
	var opened [2]*os.File
	zero().Do(func() {
		r.out.open()
		for i, to := range r.out.out {
			if p, err := r.out.pipe(r.Name()+": ", to); err == nil {
				r.pipes = append(r.pipes, p)
				opened[i] = p.w
			}
		}
	})
	if len(r.pipes) < len(opened) {
		return // the output goes where it went, which is better than nowhere
	}
	for i, file := range []**os.File{&os.Stdout, &os.Stderr} {
		if f, err := takeFile(i+1, opened[i]); err == nil {
			*file = f
		}
	}
}

// exit ends the image: its output is drained before its status counts.
func (r *launched) exit(code int) {
	r.end(func() {
		r.drain()
		r.ends <- ending{r, code}
	})
}

// drain prints what is left of the image's output.
func (r *launched) drain() {
	r.closeFiles()
	for _, p := range r.pipes {
		p.drain()
	}
}

// Boot runs image 0's sysinit functions. Generated code of package main calls
// it when all packages are started.
func Boot() {
	defer core.VnetSwap(core.VnetSwap(core.VnetZero()))
	for _, f := range core.VnetBoot() {
		if err := f.Run(); err != nil {
			os.Stderr.WriteString((&core.VnetSysinitError{Of: f, Err: err}).Error() + "\n")
			os.Exit(2)
		}
	}
}

// EnterTest creates image 1 and makes it current for good. Test binaries built
// by vimagegen test call it before their tests.
func EnterTest() { EnterTestExit(nil) }

// EnterTestExit is EnterTest with a function that is told of os.Exit in the
// image before the process ends.
func EnterTestExit(exit func(code int)) {
	im := newImage()
	im.core.Exit = exit
	core.VnetCreate(&im.core)
	core.VnetHost(&im.core)
	s := startup{im: im}
	if err := s.run(); err != nil {
		panic(err)
	}
	core.VnetSettle(&im.core)
}
