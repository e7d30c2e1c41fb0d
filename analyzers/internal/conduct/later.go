package conduct

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Later names the function, if it is one of those that call their i-th argument
// later on a goroutine of the runtime's. Their sources do not tell: the
// runtime's timers and finalizers are reached behind the compiler's back. In a
// build on a stock toolchain the call has no image, for context.AfterFunc that
// of whoever cancels.
func Later(fn *ssa.Function, i int) string {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return ""
	}
	if name := obj.FullName(); i == 1 && IsLater(name) {
		return name
	}
	return ""
}

// IsLater reports whether a Kept.Into is the name of such a function.
func IsLater(name string) bool {
	return slices.Contains([]string{"time.AfterFunc", "context.AfterFunc", "runtime.SetFinalizer", "runtime.AddCleanup"}, name)
}
