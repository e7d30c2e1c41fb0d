package lost

import (
	"context"
	"dep"
	"os"
	"runtime"
	"time"
)

var closed int

type file struct{ fd int }

func (f *file) close()    { closed++ }
func (f *file) finalize() { f.fd = -1 }

func bump() { helper() }

func helper() { closed++ }

func carried(ctx context.Context, f *file) {
	time.AfterFunc(time.Second, bump)                  // want `in a committed build time.AfterFunc calls the function in no image, and its use of lost.closed panics \(a vimagegen build carries the image\): wrap it in vimage.Bind`
	time.AfterFunc(time.Second, func() { closed = 0 }) // want `time.AfterFunc calls the function in no image`
	context.AfterFunc(ctx, bump)                       // want `context.AfterFunc calls the function in the image of whoever cancels, and it uses that one's lost.closed`
	runtime.SetFinalizer(f, (*file).close)             // want `runtime.SetFinalizer calls the function in no image, and its use of lost.closed panics`
	runtime.AddCleanup(f, func(int) { bump() }, 1)     // want `runtime.AddCleanup calls the function in no image`
	dep.Later(bump)                                    // want `time.AfterFunc calls the function in no image`
	dep.Later(dep.Inc)                                 // want `its use of dep.Count panics`
	time.AfterFunc(time.Second, f.close)               // want `its use of lost.closed panics`
}

var limit = 3

func near(ctx context.Context, f *file, unknown func()) {
	runtime.SetFinalizer(f, (*file).finalize)
	runtime.SetFinalizer(f, nil)
	runtime.AddCleanup(f, func(fd int) { os.NewFile(uintptr(fd), "").Close() }, f.fd)
	time.AfterFunc(time.Second, func() { f.fd = limit })
	time.AfterFunc(time.Second, unknown)
	time.AfterFunc(time.Second, bind(bump))
	dep.Later(dep.Pure)
	go bump()
	defer bump()
}

// bind stands for vimage.Bind.
func bind(f func()) func() { return func() { f() } }
