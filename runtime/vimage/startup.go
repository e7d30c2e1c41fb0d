package vimage

import (
	"os"
	"sync/atomic"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// A startup runs everything that an image needs to be live: the start of every
// package and the constructors of modules, in order of registration, then the
// sysinit functions.
type startup struct {
	im      *Image
	wanted  func(m *core.VnetModule) bool // whether to start m; nil for everything
	afterOS func()                        // is called in the image when package os is started; may be nil

	held core.VnetHeld

	// Where it is, for those who look on.
	module  atomic.Pointer[core.VnetModule]
	sysinit atomic.Pointer[core.VnetSysinit]
	started atomic.Bool // all packages are, sysinit functions follow
}

// run runs it. Panics are the caller's to catch.
func (s *startup) run() error {
	im := &s.im.core
	prev := core.VnetSwap(im)
	defer core.VnetSwap(prev)
	s.held = core.VnetHold()
	defer func() { s.held = core.VnetHeld{} }()
	var seq uint64
	for last := false; ; last = true {
		for {
			var m *core.VnetModule
			if m, seq = core.VnetNext(im, seq, last); m == nil {
				break
			}
			if s.wanted != nil && !s.wanted(m) {
				continue
			}
			s.module.Store(m)
			if err := s.construct(m, last); err != nil {
				return err
			}
		}
		if last {
			return nil
		}
		s.started.Store(true)
		if err := s.sysinits(core.VnetSysinits(seq)); err != nil {
			return err
		}
	}
}

// construct starts one module, and runs its sysinit functions if it comes after
// the others have run theirs.
func (s *startup) construct(m *core.VnetModule, late bool) error {
	done := false
	defer func() {
		if !core.VnetBuilt(&s.im.core, m, done) && m.Stop != nil {
			s.held.Resume() // the image may be over
			_ = m.Stop()    // New has returned, and nobody is left to be told
		}
	}()
	switch {
	case m.Start != nil:
		if err := m.Start(); err != nil {
			return &constructorError{m.Path, err, funcPlace(m.Start)}
		}
	case m.Init != nil:
		core.VnetInit(m)
		if m.Path == "os" {
			s.im.setArgs()
			s.im.setFiles()
			if s.afterOS != nil {
				s.afterOS()
			}
		}
	}
	done = true
	if late {
		return s.sysinits(core.VnetLate(m))
	}
	return nil
}

func (s *startup) sysinits(list []*core.VnetSysinit) error {
	for _, f := range list {
		s.sysinit.Store(f) // until it has ended
		if err := f.Run(); err != nil {
			return &core.VnetSysinitError{Of: f, Err: err}
		}
		s.sysinit.Store(nil)
	}
	return nil
}

// setArgs is a function of its own because the rewriter has a function take its
// containers at its head: here the image is current by then.
func (im *Image) setArgs() {
	if im.core.Args != nil {
		os.Args = im.core.Args
	}
}

// A constructorError is what a module's constructor returned.
type constructorError struct {
	module string
	err    error
	place  string
}

func (e *constructorError) Error() string { return e.err.Error() + " (" + e.place + ")" }
func (e *constructorError) Unwrap() error { return e.err }
