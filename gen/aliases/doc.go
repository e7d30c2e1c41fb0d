// Package aliases links functions that a program may override to the modules
// that do: it is the fixed way of weak and strong aliases, in which the modules
// are chosen when the program is built.
//
// In come the files of a program's packages, as their authors wrote them, and
// the import paths of the modules, in load order. Out go the files to be
// compiled in their place:
//
//   - a slot (//vimage:weak) that a module overrides gets another name, and a
//     function of its name calls the topmost module's directly:
//
//     func BpfMtap(ifp *Ifnet, pkt []byte) { vimage_top_BpfMtap(ifp, pkt) }
//
//   - a super function (//vimage:super) calls what its module covers: the next
//     module's function, or the slot's author's own;
//
//   - functions of other packages are declared without a body and named by
//     go:linkname, so that kernel and module refer to each other without an
//     import cycle. The compiler wants a file of assembly beside such a
//     declaration; an empty one is added;
//
//   - each main package imports the modules, for nobody else does.
//
// What is added stands behind the author's text, so that no line moves. A slot
// that no module overrides is left as it is, and so is a module that is not
// chosen: nothing refers to it.
//
// go:linkname does not compare types; the caller does, when the program is
// loaded: see [Pair].
//
// Limits: methods and generic functions cannot be slots (package directive
// refuses them); a package with cgo files can have none, and no layers, since
// it cannot have assembly; tests are linked to stubs.
package aliases
