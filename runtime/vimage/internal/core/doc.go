// Package core is the bottom of vimage: images, the registered modules with
// their containers, and the hook that every rewritten function calls. It has
// two homes with one text:
//
//   - here, on a stock toolchain, where the current image stands among the
//     goroutine's profiler labels (label.go, stock.go);
//   - in package runtime itself, in builds that the tool drives: gen/goroot lays
//     core.go (and label.go, for the label slot) into GOROOT/src/runtime, with
//     the few primitives of stock.go in a form made for there.
//
// That is why core.go and label.go import nothing but unsafe, why all names
// begin with Vnet or vnet, and why nothing here makes a closure that escapes
// (the compiler refuses those in package runtime).
//
// # Concurrency
//
// One sleeping lock guards the lists: modules, slots, live images, and the
// growing of tables. It is never held while code of the program runs, with one
// exception: a module's New, which only allocates.
//
// A hook takes no lock. It loads the current image, its table, and the entry.
// What makes that right is an order of publication: a table is filled before it
// is stored in an image, and an entry is stored before the module's offset is
// used, because VnetReserve has returned by then. A table that grows is copied
// into a larger one which then replaces it; whoever still reads the old one
// finds the same containers there.
//
// Creating an image and registering a module may meet. VnetCreate lists the new
// image, with a container for every module reserved so far, under the lock; from
// then on VnetReserve gives it the containers of later modules. Its creator then
// asks VnetNext for one module after the other, until there are no more: the
// step from "no more" to live is made under the lock. So a module registered
// while an image is being started is started there by the image's creator, and
// one registered later by the registering goroutine, never by both, never by none.
//
// Closing: the state goes from live to closing, after which VnetEnter lets only
// goroutines in that are inside already. VnetBusy says whether any are left, and
// VnetEnd takes the table away. VnetEnter announces itself before it looks at
// the state, the closer changes the state before it looks for announcements, so
// one of the two sees the other.
package core
