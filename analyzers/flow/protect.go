package flow

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Code that is patched at run time was made writable before, by a system call:
//
//	syscall.Mprotect(page, syscall.PROT_READ|syscall.PROT_WRITE|syscall.PROT_EXEC)
//
// Such calls become operations of kind Protect. A just-in-time compiler does
// the same with memory that it has mapped for itself, so results of calls that
// map memory become operations of kind Mapped.

// protects reads a call that may make memory executable, or map it.
func (e *extractor) protects(fn *ssa.Function, args []ssa.Value, results []Node) {
	if other := e.p.bodies[e.p.Func(fn).Key]; other != nil { // by go:linkname
		fn = other
	}
	if fn.Pkg == nil || len(args) == 0 {
		return
	}
	switch fn.Pkg.Pkg.Path() {
	case "syscall", "golang.org/x/sys/unix", "golang.org/x/sys/windows":
	default:
		return
	}
	switch name := fn.Name(); name {
	case "Mprotect", "mprotect":
		e.protect(fn, args[0], args[1])
	case "VirtualProtect":
		e.protect(fn, args[0], args[2])
	case "VirtualProtectEx":
		e.protect(fn, args[1], args[3])
	case "NewProc", "FindProc", "MustFindProc", "GetProcAddress":
		for _, a := range args {
			switch constantString(a) {
			case "VirtualProtect", "VirtualProtectEx", "NtProtectVirtualMemory":
				e.protect(fn, nil, nil)
			}
		}
	case "Mmap", "MmapPtr", "Mremap", "MremapPtr", "VirtualAlloc", "VirtualAllocEx":
		e.mapped(results)
	default:
		if strings.HasPrefix(strings.ToLower(name), "syscall") || strings.HasPrefix(name, "RawSyscall") {
			e.numbered(fn, args, results)
		}
	}
}

// protectsLater notes that a function is used as a value that protects memory:
// it is not followed who calls it.
func (e *extractor) protectsLater(fn *ssa.Function) {
	if fn.Pkg == nil || fn.Signature.Recv() != nil {
		return
	}
	switch fn.Pkg.Pkg.Path() + "." + fn.Name() {
	case "syscall.Mprotect", "golang.org/x/sys/unix.Mprotect", "golang.org/x/sys/windows.VirtualProtect",
		"golang.org/x/sys/windows.VirtualProtectEx":
		e.protect(fn, nil, nil)
	}
}

// numbered reads a system call by its number.
func (e *extractor) numbered(fn *ssa.Function, args []ssa.Value, results []Node) {
	is := func(names ...string) bool {
		trap, ok := args[0].(*ssa.Const)
		if !ok || trap.Value == nil {
			return false
		}
		for _, name := range names {
			if c, ok := fn.Pkg.Pkg.Scope().Lookup(name).(*types.Const); ok && constant.Compare(c.Val(), token.EQL, trap.Value) {
				return true
			}
		}
		return false
	}
	switch {
	case is("SYS_MPROTECT", "SYS_PKEY_MPROTECT") && len(args) > 3:
		e.protect(fn, args[1], args[3])
	case is("SYS_MMAP", "SYS_MMAP2", "SYS_MREMAP"):
		e.mapped(results)
	}
}

func (e *extractor) mapped(results []Node) {
	if len(results) > 0 && results[0] != 0 {
		e.emit(Mapped, results[0], 0, 0)
	}
}

// protect notes a call that protects memory at an address, nil for one that is
// not known, unless the protection is a constant that excludes execution.
func (e *extractor) protect(fn *ssa.Function, addr, prot ssa.Value) {
	if c, ok := prot.(*ssa.Const); ok && c.Value != nil {
		bits, exact := constant.Uint64Val(constant.ToInt(c.Value))
		executable := uint64(4) // PROT_EXEC
		if strings.HasPrefix(fn.Name(), "Virtual") {
			executable = 0xf0 // PAGE_EXECUTE and its variants
		}
		if exact && bits&executable == 0 {
			return
		}
	}
	n := Node(0)
	if addr != nil {
		n = e.node(addr)
	}
	e.emit(Protect, n, 0, int32(e.p.Func(fn).ID)+1)
}

func constantString(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.String {
		return constant.StringVal(c.Value)
	}
	return ""
}

// isCount reports whether a conversion makes a uintptr of a number that is no
// address.
func isCount(v *ssa.Convert) bool {
	from, ok := v.X.Type().Underlying().(*types.Basic)
	return ok && isUintptr(v.Type()) && from.Info()&types.IsInteger != 0 && !isUintptr(from)
}
