package vimage_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// mustMatch wants an error of one line that matches.
func mustMatch(t testing.TB, err error, pattern string) {
	t.Helper()
	if err == nil || !regexp.MustCompile("^"+pattern+"$").MatchString(err.Error()) {
		t.Errorf("error\n%v\nwant\n%s", err, pattern)
	}
}

func TestExitWhileStarting(t *testing.T) {
	setFailing(t, func() { vimage.Exit(5) })
	told := false
	im, err := vimage.New(vimage.WithName("early"), vimage.WithExit(func(int) { told = true }))
	if im != nil || told {
		t.Errorf("image %v, told %v", im, told)
	}
	mustMatch(t, err, `vimage: image early not created: package example.com/failing: exit with status 5 \(.*life_test.go:\d+\)`)

	// From a goroutine that the package started, with the package still at
	// work.
	release := make(chan bool)
	defer close(release)
	setFailing(t, func() {
		go vimage.Exit(6)
		<-release
	})
	_, err = vimage.New(vimage.WithName("aside"))
	mustMatch(t, err, `vimage: image aside not created: package example.com/failing: exit with status 6.*`)
}

func blockedHere(release <-chan bool) { <-release }

func TestDeadline(t *testing.T) {
	release := make(chan bool)
	setFailing(t, func() { blockedHere(release) })
	before := len(slices.Collect(vimage.All()))
	im, err := vimage.New(vimage.WithName("slow"), vimage.WithDeadline(time.Now().Add(300*time.Millisecond)))
	if im != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("image %v, error %v", im, err)
	}
	mustMatch(t, err, `vimage: image slow not created: package example.com/failing: still running at the deadline \(.*life_test.go:\d+\)`)
	close(release)
	if after := len(slices.Collect(vimage.All())); after != before {
		t.Errorf("%d images, then %d", before, after)
	}
	setFailing(t, nil)
	newImage(t, vimage.WithDeadline(time.Now().Add(time.Hour)))
}

func TestStateAndContext(t *testing.T) {
	var starting vimage.State
	var early context.Context
	setFailing(t, func() { starting, early = vimage.Current().State(), vimage.Current().Context() })
	im, err := vimage.New()
	if err != nil {
		t.Fatal(err)
	}
	if starting != vimage.Starting || im.State() != vimage.Live || early.Err() != nil {
		t.Errorf("%v, then %v, %v", starting, im.State(), early.Err())
	}
	seen := make(chan vimage.State, 1)
	im.Go(func() {
		<-vimage.Current().Context().Done()
		seen <- vimage.Current().State()
	})
	closeImage(t, im)
	if s := receive(t, seen); s != vimage.Closing || im.State() != vimage.Closed {
		t.Errorf("%v, then %v", s, im.State())
	}
	if early.Err() == nil || im.Context().Err() == nil {
		t.Error("a closed image's context lives")
	}
	setFailing(t, panicking)
	if im, err := vimage.New(); im != nil || err == nil {
		t.Error(im, err)
	}
}

func TestUseAfterCloseNamesThePlace(t *testing.T) {
	im, err := vimage.New(vimage.WithName("placed"))
	if err != nil {
		t.Fatal(err)
	}
	if err := im.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		err, _ := recover().(error)
		mustMatch(t, err, `vimage: image placed is closed, by Close at .*life_test.go:\d+`)
	}()
	im.Do(func() {})
}

func TestParent(t *testing.T) {
	parent, err := vimage.New(vimage.WithName("parent"))
	if err != nil {
		t.Fatal(err)
	}
	var closed []string
	child := func(name string, of *vimage.Image) *vimage.Image {
		im, err := vimage.New(vimage.WithName(name), vimage.WithParent(of))
		if err != nil {
			t.Fatal(err)
		}
		im.Go(func() {
			<-vimage.Current().Context().Done()
			closed = append(closed, name) // one after the other
		})
		return im
	}
	a := child("a", parent)
	aa := child("aa", a)
	b := child("b", parent)
	if got := parent.Children(); !slices.Equal(got, []*vimage.Image{a, b}) || aa.Parent() != a {
		t.Errorf("children %v", got)
	}
	closeImage(t, b)
	if got := parent.Children(); !slices.Equal(got, []*vimage.Image{a}) {
		t.Errorf("children %v", got)
	}
	aa.Do(func() {
		err := parent.Close(context.Background())
		mustMatch(t, err, "vimage: image parent cannot be closed from inside its child aa")
	})
	closeImage(t, parent)
	if want := []string{"b", "aa", "a"}; !slices.Equal(closed, want) {
		t.Errorf("closed %v, want %v", closed, want)
	}
	if aa.State() != vimage.Closed || a.State() != vimage.Closed {
		t.Error("children outlive their parent")
	}
	_, err = vimage.New(vimage.WithName("late"), vimage.WithParent(parent))
	mustMatch(t, err, "vimage: image late not created: its parent parent is closed")
}

// A parent is closed while a child is starting: the child does not come to be.
func TestParentClosesWhileChildStarts(t *testing.T) {
	parent, err := vimage.New(vimage.WithName("hasty"))
	if err != nil {
		t.Fatal(err)
	}
	entered, release := make(chan bool), make(chan bool)
	defer close(release)
	setFailing(t, func() { stuckHere(entered, release) })
	failed := make(chan error, 1)
	go func() {
		_, err := vimage.New(vimage.WithName("unborn"), vimage.WithParent(parent))
		failed <- err
	}()
	<-entered
	closeImage(t, parent)
	mustMatch(t, receive(t, failed), `vimage: image unborn not created: .*: its parent is closing`)
}

// An image that exits takes its children along.
func TestExitOfParent(t *testing.T) {
	parent, err := vimage.New(vimage.WithExit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	child, err := vimage.New(vimage.WithParent(parent), vimage.WithName("orphan"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := child.Context()
	parent.Go(func() { vimage.Exit(0) })
	receive(t, ctx.Done())
	mustPanic(t, func() { child.Do(func() {}) }, "orphan")
	if s := child.State().String(); s != "exited" {
		t.Error(s)
	}
}

func TestCloseTwice(t *testing.T) {
	im, err := vimage.New(vimage.WithName("twice"))
	if err != nil {
		t.Fatal(err)
	}
	entered, release := make(chan bool), make(chan bool)
	im.Go(func() { stuckHere(entered, release) })
	<-entered
	first := make(chan error)
	go func() { first <- im.Close(context.Background()) }()
	for im.State() == vimage.Live {
		time.Sleep(time.Millisecond)
	}
	mustMatch(t, im.Close(context.Background()), "vimage: image twice is closing already")
	release <- true
	if err := receive(t, first); err != nil {
		t.Error(err)
	}
	if err := im.Close(context.Background()); err != nil {
		t.Errorf("third: %v", err)
	}
	mustPanic(t, func() { im.Go(func() {}) }, "twice is closed")
	if !strings.HasPrefix(im.String(), "twice") {
		t.Error(im)
	}
}
