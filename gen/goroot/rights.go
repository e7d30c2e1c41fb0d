package goroot

// rights give the variables in an image's containers the rights that variables
// of the linker have: see _runtime/rights.go. A function of the runtime that
// tells memory of the heap from other memory, and that a program can observe,
// has an anchor here.
var rights = []anchor{
	{
		"runtime", "mfinal.go", "SetFinalizer", "findObject",
		before("base, span, _ := findObject(uintptr(e.data), 0, 0)", "if vnetPartOf(e.data) != vnetNone { return }"),
	},
	{
		"runtime", "mcleanup.go", "AddCleanup", "findObject",
		before("base, span, _ := findObject(usptr, 0, 0)", "if vnetPartOf(unsafe.Pointer(ptr)) != vnetNone { return Cleanup{} }"),
	},
	{
		"runtime", "pinner.go", "isPinned", "spanOfHeap",
		before("span := spanOfHeap(uintptr(ptr))", "if vnetPartOf(ptr) != vnetNone { return true }"),
	},
	{
		"runtime", "pinner.go", "setPinned", "spanOfHeap",
		after("span := spanOfHeap(uintptr(ptr))", "if vnetPartOf(ptr) != vnetNone { span = nil }"),
	},
	// A WaitGroup that the linker allocates belongs to no bubble of
	// testing/synctest.
	{
		"runtime", "synctest.go", "getOrSetBubbleSpecial", "spanOfHeap",
		after("span := spanOfHeap(uintptr(p))", "if vnetPartOf(p) != vnetNone { span = nil }"),
	},
	{"runtime", "checkptr.go", "checkptrBase", "return base", resultInstead("base", "vnetCheckBase(p, base)")},
	{
		"runtime", "cgocall.go", "cgoIsGoPointer", "inHeapOrStack",
		inIf("inHeapOrStack(uintptr(p))", "if vnetPartOf(p) == vnetBare { return false }"),
	},
	{
		"runtime", "cgocall.go", "cgoCheckUnknownPointer", "inheap",
		inIf("inheap(uintptr(p))", "if vnetPartOf(p) == vnetTyped { panic(cgoFormatErr(msg, abi.Pointer)) }"),
	},
}
