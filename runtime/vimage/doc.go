// Package vimage runs several images of one program in one process. An image
// has a copy of its own of every virtual package-level variable, in containers
// that generated code registers here; it is FreeBSD's VIMAGE (vnet.h, 2006 to
// 2009) for Go.
//
//	img, err := vimage.New(vimage.WithName("a"))
//	img.Do(func() { server.Start() }) // in image a, and so is all that it starts
//	err = img.Close(ctx)
//
// Every goroutine has a current image, or none. It inherits that of the
// goroutine that started it, main has image 0, and [Image.Do] and [Image.Go]
// choose another. Virtual state used where no image is current panics; it never
// falls to image 0.
//
// # Where the current image stands
//
// In builds made by vimagegen it is a field of the runtime's g (the g slot),
// or, on a Go release that the tool cannot edit so, a profiler label.
// time.AfterFunc, context.AfterFunc, context timeouts, iter.Pull, finalizers
// and cleanups all run in the image that set them up. When that image is over
// by then, functions of time.AfterFunc and context.AfterFunc are dropped; a
// context still ends at its deadline, and finalizers and cleanups see the
// image's containers one more time.
//
// In a plain build with generated code it is a profiler label, which a stock
// toolchain lets go by in some places:
//   - time.AfterFunc, context timeouts, finalizers and cleanups run in no
//     image, context.AfterFunc in that of whoever cancels: tie the function
//     with [Bind];
//   - pprof.Do and pprof.SetGoroutineLabels put other labels in the place
//     of ours: use [Image.Do] inside;
//   - Close waits for what Do and Go started, not for what those started in
//     turn, and does not know of timers, which keep what their functions refer
//     to until they fire.
//
// Of these only context.AfterFunc goes on in a wrong image; the others panic,
// or have Close return too early.
//
// # Threads of C
//
// An exported function that C calls on a thread on which Go called C runs in
// the image that called out. On a thread that C created it runs in image 0 in a
// binary of vimagegen build, a library for C included; in the one image there
// is under vimagegen run -n 1 and in tests; and in none under vimagegen run
// with a larger number, where use of virtual state panics with the function's
// name. Have C hand back a function that Bind tied to an image:
//
//	h := cgo.NewHandle(vimage.Bind(tick))
//	C.start(C.uintptr_t(h))
//
//	//export goTick
//	func goTick(h C.uintptr_t) { cgo.Handle(h).Value().(func())() }
//
// # Life of an image
//
// New builds all containers, then runs every package's initialisers and init
// functions in the new image, in Go's own order; if one fails, what was built
// is undone in reverse and New returns an error that says where. A package
// registered later is started in every live image before VnetRegister returns.
//
// Close lets nobody new in, closes the image's children, cancels its context,
// undoes what modules and packages built, in reverse, waits for the image's
// goroutines, and then takes the containers away. Whoever uses the image after
// that panics with its name and the place of the Close. An image that ends by
// Exit stops its goroutines instead, as a process's threads stop at exit: they
// do not run on, nor do their deferred functions; nothing is undone then. The
// one that calls Exit ends, in the g slot; those that are blocked, or use the
// image's state later, are parked for ever, with their stacks, and [NotLive]
// lists the image. An image whose creation fails ends so, too.
//
// # Concurrency
//
// All functions may be called by several goroutines at a time. New, Close and
// registration may meet; package core's documentation has the protocol with its
// steps. In the race detector's eyes, under the g slot, Close synchronises with
// the end of what Do and Go ran, but not with that of goroutines which the
// image's code started by itself; use a WaitGroup to read what those wrote.
//
// # Debug build
//
// With -tags vimage_debug, containers are filled with poison when their image
// is closed (a number of 0xA5 bytes, a text that says so, nil), so that code
// which kept a container's address is seen to; finalizers that run after the
// close see the poison as well. Each hook checks that what it found is the
// container of the image that is current. Do and Go note from where images are
// crossed: [Crossings].
//
// # Limits
//
// A constructor cannot be stopped: one that is still running when New gives up
// goes on until it uses virtual state. Close from inside the image is refused;
// from a call that came out of the image into another one it waits for itself,
// until its context is done.
package vimage
