// Package aliases links functions that a program may override to the modules
// that do: weak and strong aliases, in the fixed and in the loadable way.
//
// Input: the files of a program's packages, as their authors wrote them, and
// [Options] with the import paths of the modules, in load order. Output: the
// files to be compiled in their place. It works on syntax alone.
//
// # Fixed
//
// The modules are chosen when the program is built.
//
//   - A slot (//vimage:weak) that a module overrides gets another name, and a
//     function of its name calls the topmost module's directly:
//
//     func BpfMtap(ifp *Ifnet, pkt []byte) { vimage_link_BpfMtap(ifp, pkt) }
//
//   - A super function (//vimage:super) calls what its module covers: the next
//     module's function, or the slot's author's own.
//
//   - Each main package imports the modules, because nothing else does. For
//     tests, the external test package of each package that is tested does.
//
// A slot that no module overrides is left as it is, and so is a module that is
// not chosen: nothing refers to it.
//
// # Loadable
//
// The modules are loaded and unloaded while the program runs, by package
// runtime/alias.
//
// A slot keeps its name and body, and first asks for a loaded module:
//
//	func Read4(off int) uint32 {
//		if !vimage_group_Read4.Top.Stub() { return vimage_call_Read4(&vimage_group_Read4.Top, off) }
//		return device(off)
//	}
//
// The function vimage_call_Read4 enters the layer, and has a switch of direct
// calls of the functions of Options.Modules; other modules' go by pointers.
// Super functions call it too, with their layer's link. A copy of the slot's
// body, vimage_weak_Read4, is what the lowest layer covers.
//
// A file in each package with slots declares their groups; one in each package
// with layers declares the module, its layers, what it needs, and the kernel's
// declarations that it mentions.
//
// # Both
//
// Functions of other packages are declared without a body and named by
// go:linkname, so that kernel and module refer to each other without an import
// cycle. go:linkname does not compare types; the caller does, when the program
// is loaded: see [Pair]. Generated code is appended to the author's text, or
// inserted into its lines, so that no line gets another number.
//
// # Limits
//
// Methods and generic functions cannot be slots (package directive refuses
// them). A declaration of the kernel is compared by its text with import paths:
// a type's methods and a variable's type are not compared.
package aliases
