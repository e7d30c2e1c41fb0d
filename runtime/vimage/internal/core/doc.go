// Package core is the bottom of vimage: images, the registered modules with
// their containers, and the hook that every rewritten function calls. It has
// two homes with one text:
//
//   - here, on a stock toolchain, where the current image stands among the
//     goroutine's profiler labels (labels.go, label.go, stock.go);
//   - in package runtime itself, in builds that the tool drives: gen/goroot
//     lays the other files (label.go for the label slot only) into
//     GOROOT/src/runtime, with the few primitives of stock.go in a form made
//     for there.
//
// That is why those files import nothing but unsafe, why all names
// begin with Vnet or vnet, and why nothing here makes a closure that escapes
// (the compiler refuses those in package runtime).
//
// # Concurrency
//
// One sleeping lock guards the lists: modules, slots, images, what each image
// has built, and the growing of tables. It is never held while code of the
// program runs, with one exception: a module's New, which only allocates.
//
// A hook takes no lock. It loads the current image, its table, and the entry.
// What makes that right is an order of publication: a table is filled before it
// is stored in an image, and an entry is stored before the module's offset is
// used, because VnetReserve has returned by then. A table that grows is copied
// into a larger one which then replaces it; whoever still reads the old one
// finds the same containers there.
//
// # Protocol
//
// The steps have names; vnetStep stands between them in tests.
//
// Creating. "created": VnetCreate lists the image, which is starting, with a
// container for every module reserved so far; from then on VnetReserve gives it
// those of later modules. Its creator asks VnetNext for one module after the
// other, constructs it, and enters it as built (VnetBuilt). The step from "no
// more modules" to live is made under the lock. If the creator gives up
// (VnetAbandon, "abandoned"), the image is closing, and is undone as at its
// close; it ends when VnetClaims is zero, because an unregistrar may be
// destructing a module in it.
//
// Registering. "registered": VnetList reserves and lists the module, and
// returns the images that are live. A starting image is left to its creator,
// who will come to the module. For each live one the registrar claims the
// construction ("claimed", VnetClaim), which fails if the image is closing by
// now, constructs, and enters it as built. So every image gets the module once,
// from its creator or from the registrar.
//
// Taking a module back, by VnetUnregister's caller or because it failed in one
// image. "leaving": VnetLeaving has VnetNext pass the module over.
// Constructions that are under way are waited for (VnetModuleBusy). Then nobody
// begins one, and what is built is only destructed: each image's, by whoever
// takes it off the image's list of built modules, the closer of the image
// (VnetPop) or the unregistrar (VnetTake). "taken": the unregistrar found no
// more, and waits for closers that have not ended theirs (VnetModuleBusy
// again). "unlisted": VnetUnlist takes the module out of all lists, and frees
// its slot.
//
// Closing. "closing": the state goes from live to closing, after which
// VnetEnter lets only goroutines in that are inside already, and VnetClaim
// fails. The closer waits for constructions and destructions of others in the
// image (VnetClaims), takes the rest and destructs it. It waits until VnetBusy
// is zero, then goes on to "ending" (VnetLastCall), in which no callback may
// resume the image either, and looks at VnetBusy once more, until it is zero
// again. "ended": VnetEnd takes the table away. VnetEnter and VnetResume
// announce themselves before they look at the state, the closer changes the
// state before it looks for announcements, so one of the two sees the other.
//
// # Who is in an image
//
// In the g slot, users counts the goroutines that were born in the image (the
// runtime tells of birth and death) and the calls of Do from elsewhere. In the
// label slot of driven builds goroutines are looked for, and users counts those
// who left for a call in another image; trips tells a closer that looks twice
// whether somebody came or left meanwhile. On a stock toolchain only calls of
// Do and goroutines of Go are known.
package core
