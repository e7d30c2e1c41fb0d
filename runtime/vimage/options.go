package vimage

import "time"

// An Option is a wish for New.
type Option func(*Image)

// WithName names the image, in errors and in profiles. Names may repeat.
func WithName(name string) Option { return func(im *Image) { im.core.Name = name } }

// WithParent has the image close before its parent does. It takes the parent's
// environment if that has one of its own, unless WithEnv says otherwise, its
// working directory likewise, and its context is derived from the parent's.
func WithParent(parent *Image) Option { return func(im *Image) { im.own().parent = parent } }

// WithArgs gives the image its own os.Args, the program's name first. It has no
// effect where package os is not virtual, which it is in builds made by
// vimagegen.
func WithArgs(args ...string) Option {
	return func(im *Image) { im.core.Args = append([]string{}, args...) }
}

// WithEnv gives the image an environment of its own, of KEY=VALUE pairs, of
// which the last of a key counts: what os.Getenv and its kin read and write,
// and what processes inherit that the image starts. It has no effect where
// package syscall is not edited, as it is in builds made by vimagegen.
func WithEnv(env ...string) Option {
	return func(im *Image) { im.core.Env = append([]string{}, env...) }
}

// WithDeadline bounds the start of the packages. When it is over, New returns
// an error that names the one that still runs; its goroutine stops when it next
// uses virtual state.
func WithDeadline(t time.Time) Option { return func(im *Image) { im.own().deadline = t } }

// WithExit has os.Exit, called in the image, end the image alone: its
// goroutines are parked for ever, the calling one included, and exit is called
// with the status, in image 0. A panic that no goroutine of the image recovers
// does the same with status 2, in builds made by vimagegen, once its trace is
// printed. Without WithExit, os.Exit and such a panic end the process. An exit
// while New starts the packages makes New fail, with WithExit and without. All
// this has no effect where package os is not rewritten, as it is in builds made
// by vimagegen; Exit of this package works everywhere.
func WithExit(exit func(code int)) Option { return func(im *Image) { im.own().exit = exit } }
