package vimage

import (
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// A Container is the virtual variables of one package in one image. Value is a
// pointer to a struct with a field V_x for each variable x, which the image's
// code may be writing at the same time; nil if its type is not told, as that of
// modules without generated code.
type Container struct {
	Path  string // the package's import path
	Std   bool   // it is of the standard library
	Value any
}

// Containers returns the image's containers, in the order of registration: none
// when the image is over.
func (im *Image) Containers() []Container {
	var list []Container
	for _, seen := range core.VnetLook(&im.core) {
		c := Container{Path: seen.Module.Path, Std: seen.Module.Std}
		if seen.Module.Look != nil {
			c.Value = seen.Module.Look(seen.At)
		}
		list = append(list, c)
	}
	return list
}

// Tables returns the addresses of variables of the runtime and of package sync
// that lead to what any image may have and are no way from one image to
// another, for package isolation: lists of pools, and that of the scheduler's
// processors, which have the timers. They are nil where they are not known, as
// on a stock toolchain.
func Tables() (pools [2]unsafe.Pointer, processors unsafe.Pointer) { return core.VnetTables() }

// A SharedVariable is one for all images. Value is a pointer to it.
type SharedVariable struct {
	Package, Name string
	Place         string // file:line of its declaration, the file named by the package's path
	Word          bool   // it is shared by the user's word; else it is proved not to change
	Value         any
}

// SharedVariables returns those that are not of the standard library, in
// programs that vimagegen builds with package isolation; in others none.
func SharedVariables() []SharedVariable {
	var list []SharedVariable
	for _, v := range core.VnetSharedList() {
		list = append(list, SharedVariable{v.Path, v.Name, v.Place, v.Word, v.At})
	}
	return list
}

// Modules returns how many packages and modules are registered, with variables
// or without.
func Modules() int { return core.VnetModules() }

// Goroutines returns how many goroutines and calls are in the image. In the
// label slot of a stock toolchain those count that Do and Go brought in, and
// nothing counts for image 0.
func (im *Image) Goroutines() int { return core.VnetBusy(&im.core) }

// Stacks returns the stacks of the image's goroutines, for people.
func (im *Image) Stacks() string { return core.VnetStacks(&im.core) }
