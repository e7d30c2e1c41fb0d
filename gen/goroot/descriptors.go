package goroot

import (
	"go/ast"
	"slices"
)

// descriptors are the anchors by which each image has standard descriptors and
// a working directory of its own: on the way to the kernel package syscall
// looks the numbers 0, 1, 2 and AT_FDCWD up in the image's table. All of the
// standard library comes by there, and golang.org/x/sys/unix too. The
// alternative, files over duplicates of the descriptors, costs three
// descriptors an image, and leaves the numbers themselves (syscall.Dup2(fd, 2))
// to all images together.
var descriptors = []anchor{
	{"syscall", "syscall_linux.go", "Syscall", "parameters trap and a1 to a3", onTheWay(
		[]string{"trap", "a1", "a2", "a3"},
		"if vnetSmall(trap, a1, a2, a3, 3) { if vnetMoves(trap) { return vnetFolder(trap, a1, a2, a3) }; "+
			"if vnetTakes(trap, a1, a2) { return vnetTake(trap, a1, a2, a3) }; "+
			"if vnetNames(trap, a1, a2, a3) { return vnetByPath(trap, a1, a2, a3, 0, 0, 0) }; "+
			"a1, a2, a3, _ = vnetLookUp(trap, a1, a2, a3, 3) }",
		"if vnetGap(trap, err) { r1 = vnetMade(r1) }",
	)},
	{"syscall", "syscall_linux.go", "Syscall6", "parameters trap and a1 to a6", onTheWay(
		[]string{"trap", "a1", "a2", "a3", "a4", "a5", "a6"},
		"if vnetSmall(trap, a1, a2, a3, a5) { if vnetMoves(trap) { return vnetFolder(trap, a1, a2, a3) }; "+
			"if vnetTakes(trap, a1, a2) { return vnetTake(trap, a1, a2, a3) }; "+
			"if vnetNames(trap, a1, a2, a3) { return vnetByPath(trap, a1, a2, a3, a4, a5, a6) }; "+
			"a1, a2, a3, a5 = vnetLookUp(trap, a1, a2, a3, a5) }",
		"if vnetGap(trap, err) { r1 = vnetMade(r1) }",
	)},
	// RawSyscall calls it. So does Syscall, by then with the kernel's numbers,
	// which pass unchanged.
	{"syscall", "syscall_linux.go", "RawSyscall6", "parameters trap and a1 to a6", onTheWay(
		[]string{"trap", "a1", "a2", "a3", "a4", "a5", "a6"},
		"if vnetSmall(trap, a1, a2, a3, a5) { if vnetTakesRaw(trap, a1, a2) { return vnetTake(trap, a1, a2, a3) }; "+
			"a1, a2, a3, a5 = vnetLookUp(trap, a1, a2, a3, a5) }",
		"if trap == vnetSysName && err == 0 { vnetUnlink(a2, a3) }",
	)},
	{"runtime", "runtime.go", "syscall_Exit", "parameter code", atHead("int", "VnetExit(%)")},
	{"runtime", "signal_unix.go", "os_sigpipe", "systemstack(sigpipe)", before("systemstack(sigpipe)", "vnetSigpipe()")},
	{pkg: "runtime", file: "sigqueue.go", decl: "signal_ignored"},
	{pkg: "runtime", file: "sigqueue.go", decl: "sig"},
	{"syscall", "exec_unix.go", "forkExec", "parameter attr", atHead("*ProcAttr",
		"var vnet *runtime.VnetImage; %, vnet = vnetFork(%); defer runtime.VnetSwap(vnet)")},
	{"internal/poll", "fd_poll_runtime.go", "pollDesc.init", "runtime_pollOpen", callInstead("runtime_pollOpen", "vnetPollOpen")},
}

// views are the anchors by which an image's look at the process shows the
// image, and its changes of the registry of signals are those of its own
// channels.
var views = []anchor{
	{"runtime", "debug.go", "NumGoroutine", "", atHead("", "if n, ok := vnetGoroutines(); ok { return n }")},
	{"runtime", "mprof.go", "Stack", "tracebackothers(gp)", callInstead("tracebackothers", "vnetTracebackOthers")},
	{pkg: "runtime", file: "traceback.go", decl: "tracebacksomeothers"},
	{pkg: "runtime", file: "traceback.go", decl: "isSystemGoroutine"},
	{"os/signal", "signal.go", "cancel", "parameters sigs and action", onEntry(
		[]string{"sigs", "action"}, "if vnetCancel(sigs, action) { return }",
	)},
}

// onEntry inserts a statement at the head of a function with these parameters.
func onEntry(params []string, head string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			return false
		}
		var have []string
		for _, field := range fn.Type.Params.List {
			for _, id := range field.Names {
				have = append(have, id.Name)
			}
		}
		if !slices.Equal(have, params) {
			return false
		}
		f.insert(fn.Body.Lbrace+1, " "+head+";")
		return true
	}
}

// onTheWay is onEntry, with a statement before the function's only return, too.
func onTheWay(params []string, head, end string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		var returns []*ast.ReturnStmt
		ast.Inspect(decl, func(n ast.Node) bool {
			if r, ok := n.(*ast.ReturnStmt); ok {
				returns = append(returns, r)
			}
			return true
		})
		if len(returns) != 1 || len(returns[0].Results) > 0 || !onEntry(params, head)(f, decl) {
			return false
		}
		if end != "" {
			f.insert(returns[0].Pos(), end+"; ")
		}
		return true
	}
}
