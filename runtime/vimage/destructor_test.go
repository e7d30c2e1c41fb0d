package vimage_test

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

func TestDestructorFails(t *testing.T) {
	first, second := newTraced("first"), newTraced("second")
	register(t, first)
	register(t, second)
	for _, fault := range []func() error{
		func() error { return fs.ErrExist },
		func() error { panicking(); return nil },
		func() error { goexiting(); return nil },
	} {
		im, err := vimage.New(vimage.WithName("im"))
		if err != nil {
			t.Fatal(err)
		}
		first.take()
		second.fini = fault
		err = im.Close(context.Background())
		mustMatch(t, err, `vimage: image im: destructor of module second: .* \(.*_test.go:\d+\)`)
		first.want(t, "-im")
		if im.State() != vimage.Closed {
			t.Error(im.State())
		}
	}
	err := vimage.Unregister(context.Background(), &second.Module)
	mustMatch(t, err, `(?s)vimage: image \w+: destructor of module second: runtime.Goexit called .*`)
	unregister(t, first)
	newImage(t)
}

// A destructor that does not return is named at the deadline, and its module
// stays as long.
func TestDestructorBlocks(t *testing.T) {
	m := newTraced("stuck")
	register(t, m)
	im, err := vimage.New(vimage.WithName("im"))
	if err != nil {
		t.Fatal(err)
	}
	entered, release, ended := make(chan bool), make(chan bool), make(chan bool)
	m.fini = func() error { defer close(ended); stuckHere(entered, release); *m.vars.Get() = 7; return nil }
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-entered; cancel() }()
	err = im.Close(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	mustMatch(t, err, `(?s)vimage: image im closed with .*still running: destructor of module stuck \(.*late_test.go:\d+\).*stuckHere.*`)
	m.fini = nil
	mustMatch(t, vimage.Unregister(ctx, &m.Module), "vimage: module stuck: its constructor or destructor still runs in .*: context canceled")
	go func() {
		defer func() { recover() }() // the image is over
		release <- true
	}()
	receive(t, ended)
	unregister(t, m)
}

// An image is closed at the moment when a module leaves: its destructor has the
// module's variables.
func TestUnregisterWaitsForClosers(t *testing.T) {
	m := newTraced("m")
	register(t, m)
	im, err := vimage.New(vimage.WithName("im"))
	if err != nil {
		t.Fatal(err)
	}
	entered, release := make(chan bool), make(chan bool)
	m.fini = func() error {
		if vimage.Current() == im {
			entered <- true
			<-release
			if *m.vars.Get() != 0 {
				t.Error("not the image's variables")
			}
		}
		return nil
	}
	closed, left := make(chan error, 1), make(chan error, 1)
	go func() { closed <- im.Close(context.Background()) }()
	<-entered
	go func() { left <- vimage.Unregister(context.Background(), &m.Module) }()
	select {
	case <-left:
		t.Error("unregistered while a destructor runs")
	case <-time.After(20 * time.Millisecond):
	}
	release <- true
	if err := receive(t, closed); err != nil {
		t.Error(err)
	}
	if err := receive(t, left); err != nil {
		t.Error(err)
	}
}
