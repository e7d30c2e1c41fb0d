package vimage

import (
	"os"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// launchVariable is how vimagegen run tells Launch what to do: a JSON object.
const launchVariable = "VIMAGE_RUN"

// Launch is the main function of a program built by vimagegen run: it starts main
// in images 1 to n at the same time, and ends the process when all have ended,
// with the highest status. Generated code calls it.
func Launch(main func()) {
	n, prefix, err := launchSettings(os.Getenv(launchVariable))
	if err != nil {
		os.Stderr.WriteString("vimage: environment variable " + launchVariable + ": " + err.Error() + "\n")
		os.Exit(2)
	}
	os.Unsetenv(launchVariable)
	var out printer
	statuses := make(chan int)
	runs := make([]*launched, n)
	for i := range runs { // one after the other, which makes the IDs 1 to n
		number := strconv.Itoa(i + 1)
		r := &launched{Image: newImage(), statuses: statuses}
		r.core.Name = number
		r.core.Args = append([]string{}, os.Args...)
		for j := 1; j < len(r.core.Args); j++ {
			r.core.Args[j] = strings.ReplaceAll(r.core.Args[j], "{image}", number)
		}
		r.core.Exit = func(code int) {
			r.exit(code)
			select {} // no deferred function runs
		}
		if prefix {
			r.out = &out
		}
		core.VnetCreate(&r.core)
		runs[i] = r
	}
	for _, r := range runs {
		go r.run(main)
	}
	highest := 0
	for range runs {
		highest = max(highest, <-statuses)
	}
	os.Exit(highest)
}

// A launched image is one of Launch's.
type launched struct {
	*Image
	out      *printer
	pipes    []*pipe
	statuses chan<- int
}

// run starts the packages and main, in the image. A panic ends the process, as it
// does in a program of its own, and so says the same.
func (r *launched) run(main func()) {
	var afterOS func()
	if r.out != nil {
		afterOS = r.redirect
	}
	core.VnetSettle(&r.core)
	s := startup{im: r.Image, afterOS: afterOS}
	if err := s.run(); err != nil {
		panic(err)
	}
	main()
	// Not when main calls runtime.Goexit: then the image goes on without it.
	r.exit(0)
}

// redirect gives the image an os.Stdout and an os.Stderr of its own.
func (r *launched) redirect() {
	var opened [2]*os.File
	zero().Do(func() {
		for i, to := range []*os.File{os.Stdout, os.Stderr} {
			if p, err := r.out.pipe(r.Name()+": ", to); err == nil {
				r.pipes = append(r.pipes, p)
				opened[i] = p.w
			}
		}
	})
	if len(r.pipes) == len(opened) { // else the output goes where it went, which is better than nowhere
		os.Stdout, os.Stderr = opened[0], opened[1]
	}
}

// exit ends the image: its output is drained before its status counts.
func (r *launched) exit(code int) {
	r.end(func() {
		for _, p := range r.pipes {
			p.drain()
		}
		r.statuses <- code
	})
}

// Boot runs image 0's sysinit functions. Generated code of package main calls it when all packages are started.
func Boot() {
	defer core.VnetSwap(core.VnetSwap(core.VnetZero()))
	for _, f := range core.VnetBoot() {
		if err := f.Run(); err != nil {
			os.Stderr.WriteString((&core.VnetSysinitError{Of: f, Err: err}).Error() + "\n")
			os.Exit(2)
		}
	}
}

// EnterTest creates image 1 and makes it current for good. Test binaries built by
// vimagegen test call it before their tests.
func EnterTest() { EnterTestExit(nil) }

// EnterTestExit is EnterTest with a function that is told of os.Exit in the image before the process ends.
func EnterTestExit(exit func(code int)) {
	im := newImage()
	im.core.Exit = exit
	core.VnetCreate(&im.core)
	s := startup{im: im}
	if err := s.run(); err != nil {
		panic(err)
	}
	core.VnetSettle(&im.core)
}
