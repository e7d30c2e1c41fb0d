package vimage

import (
	"slices"
	"sync"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// held lists the images that ended by Exit, or whose Close returned an error,
// while goroutines of theirs were left. Those refer to their image anyway, so
// the list keeps nothing alive for longer than they do, up to the next look at
// it.
var held struct {
	sync.Mutex
	images []*Image
	next   int // length at which it is looked through
}

// NotLive returns the images that All leaves out: those that are starting or
// closing, by age, and then those that ended by Exit, or whose Close returned
// an error, while goroutines of theirs are left. Stacks says where these are.
func NotLive() []*Image {
	var list []*Image
	for _, im := range core.VnetUnsettled() {
		list = append(list, (*Image)(unsafe.Pointer(im)))
	}
	held.Lock()
	defer held.Unlock()
	lookThrough()
	return append(list, held.images...)
}

// CloseError returns the error that Close ended the image with, nil if it had
// none, or the image is not closed.
func (im *Image) CloseError() error {
	o := im.own()
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closeErr
}

func (im *Image) setCloseError(err error) {
	o := im.own()
	o.mu.Lock()
	o.closeErr = err
	o.mu.Unlock()
	im.hold()
}

// hold has NotLive list the image while goroutines of it are left.
func (im *Image) hold() {
	held.Lock()
	defer held.Unlock()
	if held.images = append(held.images, im); len(held.images) >= held.next {
		lookThrough()
		held.next = 2*len(held.images) + 16
	}
}

// lookThrough drops the images of which nothing runs any more.
func lookThrough() {
	held.images = slices.DeleteFunc(held.images, func(im *Image) bool { return core.VnetBusy(&im.core) == 0 })
}
