package goroot

import (
	"go/ast"
	"go/token"
)

// An anchor is a place in the standard library that the overlay rests on.
type anchor struct {
	pkg, file, decl string // the file is where it is looked for first
	what            string // the place within the declaration, for messages
	// edit makes the edits and reports false, having made none, if the place is
	// not what it used to be. A nil edit asks only for the declaration.
	edit func(f *file, decl ast.Node) bool
}

func (a anchor) name() string {
	s := a.pkg + "." + a.decl
	if a.what != "" {
		s += " (" + a.what + ")"
	}
	return s
}

// common are the anchors of both slots.
var common = []anchor{
	{"os", "proc.go", "Exit", "parameter code", atHead("int", "vnetExit(%)")},
	{"testing", "testing.go", "MainStart", "", atHead("", "vnetEnter()")},
	{"context", "context.go", "AfterFunc", "parameter f", atHead("func()", "% = vnetBind(%)")},
	{"context", "context.go", "WithDeadlineCause", "time.AfterFunc", callInstead("time.AfterFunc", "vnetAfterFunc")},
	{"os/signal", "signal.go", "Notify", "go watchSignalLoop()", goApart("watchSignalLoop")},
	{"os/signal", "signal.go", "Notify", "parameter c", atHead("chan<- os.Signal", "vnetNotify(%)")},
	{"os/signal", "signal.go", "Stop", "parameter c", atHead("chan<- os.Signal", "vnetStop(%)")},
	{"time", "sleep.go", "AfterFunc", "parameter f", atHead("func()", "% = vnetBind(%)")},
	{"syscall", "env_unix.go", "Getenv", "parameter key", atHead("string", "if v, ok, own := vnetGetenv(%); own { return v, ok }")},
	{"syscall", "env_unix.go", "Setenv", "parameters key and value", atHeadOf("string", 2, "if err, own := vnetSetenv(%); own { return err }")},
	{"syscall", "env_unix.go", "Unsetenv", "parameter key", atHead("string", "if vnetUnsetenv(%) { return nil }")},
	{"syscall", "env_unix.go", "Clearenv", "", atHead("", "if vnetClearenv() { return }")},
	{"syscall", "env_unix.go", "Environ", "", atHead("", "if list, own := vnetEnviron(); own { return list }")},
	{"runtime", "panic.go", "gopanic", "fatalpanic(&p)", before("fatalpanic(&p)", "vnetPanic(&p)")},
	{pkg: "runtime", file: "panic.go", decl: "printpanics"},
	{pkg: "runtime", file: "traceback.go", decl: "tracebacksomeothers"},
	{"runtime", "proc.go", "main", "main_main", wordInAssign("main_main", "vnetMain(main_main)")},
	{pkg: "runtime", file: "symtab.go", decl: "activeModules"},
	{pkg: "runtime", file: "proc.go", decl: "main_main"},
	{"runtime", "cgocall.go", "cgocallbackg1", "cb(frame)", around("cb(frame)", "vnetPrev, vnetIs := vnetArrive()", "vnetDepart(vnetPrev, vnetIs)")},
	{"runtime", "runtime2.go", "m", "fields ncgo and isextra", hasFields("ncgo", "isextra")},
	{pkg: "runtime", file: "sema.go", decl: "semacquire"},
	{pkg: "runtime", file: "sema.go", decl: "semrelease"},
	{pkg: "runtime", file: "atomic_pointer.go", decl: "atomicstorep"},
	{pkg: "runtime", file: "proc.go", decl: "forEachGRace"},
	{pkg: "runtime", file: "proc.go", decl: "readgstatus"},
	{pkg: "runtime", file: "runtime2.go", decl: "_Gdead"},
	{pkg: "runtime", file: "runtime2.go", decl: "_Gscan"},
}

// shown have the runtime show functions and frames as their author knows them.
var shown = []anchor{
	{"runtime", "symtab.go", "moduledata.funcName", "parameter nameOff", atHead("int32", `if s := vnetFuncName(md, %); s != "" { return s }`)},
	{"runtime", "symtab.go", "funcInfo.srcFunc", "srcFunc{...}", kindByLine},
	{"runtime", "symtabinl.go", "inlineUnwinder.srcFunc", "srcFunc{...}", kindByLine},
	{"runtime", "symtab.go", "srcFunc", "fields", fieldsAre("datap *moduledata", "nameOff int32", "startLine int32", "funcID abi.FuncID")},
}

// checks have a test binary look, when its tests have run, whether images are
// isolated. What is called is a function that does nothing, unless that is
// asked for.
var checks = []anchor{
	{"testing", "testing.go", "matchList", "", nil},
	{"testing", "fuzz.go", "isFuzzWorker", "", nil},
	{"testing", "testing.go", "chatty", "", nil},
	{"testing", "testing.go", "M.Run", "anyFailed := ...", checkInRun},
}

// apart have a test binary run each test in an image of its own: see
// _runtime/tests*.go.
var apart = []anchor{
	{"testing", "testing.go", "MainStart", "its parameters", onEntry(
		[]string{"deps", "tests", "benchmarks", "fuzzTargets", "examples"},
		"if m := vnetStart(deps, tests, benchmarks, fuzzTargets, examples); m != nil { return m }",
	)},
	{"testing", "testing.go", "Init", "", atHead("", "if vnetInit() { return }")},
	{"testing", "testing.go", "M.Run", "", atHead("", "if vnetRun(m) { return m.exitCode }")},
	{"testing", "testing.go", "M.Run", "runTests", asPlain("runTests", "vnetTests(m, deadline, ")},
	{"testing", "testing.go", "M.Run", "runFuzzTests", asPlain("runFuzzTests", "vnetFuzzTests(")},
	{"testing", "testing.go", "M.Run", "runExamples", asPlain("runExamples", "vnetExamples(")},
	{"testing", "testing.go", "M", "field numRun", hasFields("deps", "tests", "examples", "numRun", "exitCode")},
	{"testing", "testing.go", "common", "its fields", hasFields("signal", "barrier", "w", "ctx", "cancelCtx", "modulePath", "importPath", "chatty", "level")},
	{"testing", "testing.go", "tRunner", "numFailed.Add", callInstead("numFailed.Add", "vnetCount")},
	{"testing", "fuzz.go", "fRunner", "numFailed.Add", callInstead("numFailed.Add", "vnetCount")},
	{"testing", "testing.go", "shouldFailFast", "", atHead("", "if stop, own := vnetFailFast(); own { return stop }")},
	{"testing", "testing.go", "T.report", "", atHead("", "vnetReported(t)")},
	{"testing", "testing.go", "T.Parallel", "t.tstate.waitParallel()", before("t.tstate.waitParallel()", "vnetPaused(t)")},
	{"testing", "testing.go", "T.Parallel", "parallelStart.Add", callInstead("parallelStart.Add", "vnetParallelStart")},
	{"testing", "testing.go", "tRunner", "parallelStop.Add", callInstead("parallelStop.Add", "vnetParallelStop")},
	{"testing", "allocs.go", "AllocsPerRun", "parallelStart.Load", callInstead("parallelStart.Load", "vnetStarted")},
	{"testing", "allocs.go", "AllocsPerRun", "parallelStop.Load", callInstead("parallelStop.Load", "vnetStopped")},
	{"testing", "allocs.go", "AllocsPerRun", "", atHead("", "defer vnetAlone()()")},
	{"testing", "benchmark.go", "Benchmark", "", atHead("", "defer vnetAlone()()")},
	{"testing", "testing.go", "M.startAlarm", "runningList()", callInstead("runningList", "vnetList")},
	{pkg: "testing", file: "testing.go", decl: "newTestState"},
	{pkg: "testing", file: "match.go", decl: "newMatcher"},
	{pkg: "testing", file: "run_example.go", decl: "runExample"},
	{pkg: "testing", file: "testing.go", decl: "newChattyPrinter"},
	{pkg: "testing", file: "fuzz.go", decl: "seedCorpusOnly"},
}

// wide are what changes or measures something that the process has one of,
// besides the system calls in _runtime/fds_syscall.go.
var wide = []anchor{
	{"syscall", "syscall_unix.go", "Bind", "bind(fd, ptr, n)", resultInstead("bind(fd, ptr, n)", "vnetBind(fd, ptr, n)")},
	{"syscall", "rlimit.go", "Setrlimit", "", atHead("", "vnetLimit()")},
	{"runtime", "mstats.go", "ReadMemStats", "", atHead("", `VnetWide("statistics of memory")`)},
}

// asPlain hands the call of a function of two results to another function, as a
// function without parameters.
func asPlain(name, to string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		found := false
		ast.Inspect(decl, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && f.source(call.Fun) == name {
				f.wrap(call, to+"func() (bool, bool) { return ", " })")
				found = true
			}
			return true
		})
		return found
	}
}

// tables are variables through which images' objects do not count as shared.
var tables = []anchor{
	{"runtime", "runtime2.go", "allp", "", nil},
	{"sync", "pool.go", "allPools", "", nil},
	{"sync", "pool.go", "oldPools", "", nil},
}

// gSlot puts the current image beside the profiler labels, which already go the
// way it has to go: inherited by a new goroutine, cleared at its end.
var gSlot = []anchor{
	{"runtime", "runtime2.go", "g", "field labels", fieldBefore("labels", "vnet, vnetHome *VnetImage; ")},
	{"runtime", "proc.go", "newproc1", "labels of newg", inheritInNewproc1},
	{"runtime", "proc.go", "gdestroy", "labels = nil", clearInGdestroy},
	// A timer tells which image made it.
	{"runtime", "time.go", "timer", "field ts", fieldBefore("ts", "vnet *VnetImage; ")},
	{"runtime", "time.go", "newTimer", "t.timer.init(nil, nil)", ownInNewTimer},
	// Its function, which may send time.Now, runs on the system stack.
	{
		"runtime", "runtime2.go", "m", "field freelink",
		fieldBefore("freelink", "vnetTab unsafe.Pointer; vnetClk *VnetClock; "),
	},
	{"runtime", "time.go", "timer.unlockAndRun", "f(arg, seq, delay)", fireInUnlockAndRun},
	{pkg: "runtime", file: "time.go", decl: "timerZombie"},
	{pkg: "runtime", file: "time.go", decl: "timerWhen"},
	{pkg: "runtime", file: "runtime2.go", decl: "allpLock"},
}

// clocks have package time and deadlines of descriptors go by the image's
// clock, in the g slot. Timers of the runtime go by the system's: durations are
// converted where they are handed to it.
var clocks = []anchor{
	{"time", "time.go", "Now", "runtimeNow()", callInstead("runtimeNow", "vnetNow")},
	{"time", "time.go", "Since", "runtimeNano()", callInstead("runtimeNano", "vnetNano")},
	{"time", "time.go", "Until", "runtimeNano()", callInstead("runtimeNano", "vnetNano")},
	{"time", "sleep.go", "NewTimer", "parameter d", atHead("Duration", "% = vnetReal(%)")},
	{"time", "sleep.go", "Timer.Reset", "parameter d", atHead("Duration", "% = vnetReal(%)")},
	{"time", "sleep.go", "AfterFunc", "parameter d", atHead("Duration", "% = vnetReal(%)")},
	{"time", "tick.go", "NewTicker", "parameter d", atHead("Duration", "% = vnetReal(%)")},
	{"time", "tick.go", "Ticker.Reset", "parameter d", atHead("Duration", "% = vnetReal(%)")},
	{"time", "sleep.go", "sendTime", "delta of Now()", callInstead("Duration", "vnetLate")},
	{"runtime", "time.go", "timeSleep", "parameter ns", atHead("int64", "% = VnetReal(%)")},
	{"internal/poll", "fd_poll_runtime.go", "setDeadlineImpl", "time.Until", callInstead("time.Until", "vnetUntil")},
}

// deadlocks tell that an image's goroutines are blocked for ever, in the g
// slot.
var deadlocks = []anchor{
	{"runtime", "runtime2.go", "g", "field waitreason", hasFields("waitreason")},
	{"runtime", "time.go", "timer", "field arg", hasFields("arg")},
	{pkg: "runtime", file: "runtime2.go", decl: "waitReasonSyncWaitGroupWait"},
	{pkg: "runtime", file: "traceback.go", decl: "unwinder.init"},
	{pkg: "runtime", file: "symtabinl.go", decl: "newInlineUnwinder"},
	{pkg: "runtime", file: "cgo.go", decl: "iscgo"},
	{pkg: "runtime", file: "panic.go", decl: "fatal"},
}

// labelSlot has the labels of package runtime/pprof keep ours.
var labelSlot = []anchor{
	{"internal/runtime/pprof/label", "labelset.go", "Set", "field List", fieldsAre("List []Label")},
	{"internal/runtime/pprof/label", "labelset.go", "Label", "fields Key and Value", fieldsAre("Key string", "Value string")},
	{pkg: "runtime", file: "proflabel.go", decl: "labelSync"},
	{pkg: "runtime", file: "proc.go", decl: "stopTheWorld"},
	{pkg: "runtime", file: "proc.go", decl: "startTheWorld"},
	{pkg: "runtime", file: "proc.go", decl: "stwUnknown"},
	{"runtime", "proflabel.go", "runtime_setProfLabel", "parameter labels", atHead("unsafe.Pointer", "% = vnetKeep(%)")},
}

// births say whether goroutines were started, in the label slot.
var births = []anchor{
	{"runtime", "runtime2.go", "p", "field goidcache", hasFields("goidcache")},
	{"runtime", "runtime2.go", "schedt", "field goidgen", hasFields("goidgen")},
	{pkg: "runtime", file: "runtime2.go", decl: "allpLock"},
}

// tags have profiles tell the image of each sample, in the g slot.
var tags = []anchor{
	{"internal/runtime/pprof/label", "labelset.go", "Set", "field List", fieldsAre("List []Label")},
	{"internal/runtime/pprof/label", "labelset.go", "Label", "fields Key and Value", fieldsAre("Key string", "Value string")},
	{pkg: "runtime", file: "proflabel.go", decl: "labelSync"},
	{"runtime", "proflabel.go", "runtime_setProfLabel", "parameter labels", atHead("unsafe.Pointer", "% = vnetKeep(%)")},
	{"runtime", "proc.go", "sigprof", "&gp.m.curg.labels", labelsByTag(true)},
	{"runtime", "mprof.go", "goroutineProfileWithLabelsConcurrent", "ourg.labels", labelsByTag(false)},
	{"runtime", "mprof.go", "doRecordGoroutineProfile", "gp1.labels", labelsByTag(false)},
	{"runtime", "mprof.go", "goroutineLeakProfileWithLabelsConcurrent", "gp1.labels", labelsByTag(false)},
}

// carriers give finalizers and cleanups the image in which they were set. One
// without the other would have a call meet a function that is not wrapped.
var carriers = []anchor{
	{"runtime", "mfinal.go", "SetFinalizer", "createfing()", wrapInSetFinalizer},
	{"runtime", "mfinal.go", "runFinalizers", "reflectcall", unwrapCall("reflectcall", 1)},
	{"runtime", "mcleanup.go", "AddCleanup", "cleanupFn{fn: ...}", wrapInAddCleanup},
	{"runtime", "mcleanup.go", "runCleanups", "call", unwrapCall("call", 0)},
}

// wordInAssign puts a text for the right side of an assignment that has nothing
// else there.
func wordInAssign(word, text string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		found := false
		ast.Inspect(decl, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok && len(a.Rhs) == 1 && f.source(a.Rhs[0]) == word {
				f.replace(a.Rhs[0], text)
				found = true
			}
			return true
		})
		return found
	}
}

// kindByLine has the kind of a function depend on its line too.
func kindByLine(f *file, decl ast.Node) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if ok && lit.Type != nil && f.source(lit.Type) == "srcFunc" && len(lit.Elts) == 4 {
			f.wrap(lit.Elts[3], "vnetFuncID(", ", "+f.source(lit.Elts[2])+")")
			found = true
		}
		return true
	})
	return found
}

// fieldBefore declares fields in front of the one of a name.
func fieldBefore(name, fields string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		st, ok := structOf(decl)
		if !ok {
			return false
		}
		for _, field := range st.Fields.List {
			if len(field.Names) == 1 && field.Names[0].Name == name {
				f.insert(field.Pos(), fields)
				return true
			}
		}
		return false
	}
}

// ownInNewTimer has the timer know the image, right after it is initialised and
// before it is set.
func ownInNewTimer(f *file, decl ast.Node) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		if s, ok := n.(*ast.ExprStmt); ok && f.source(s) == "t.timer.init(nil, nil)" {
			f.insert(s.End(), "; t.timer.vnet = vnetTimed()")
			found = true
		}
		return true
	})
	return found
}

// fireInUnlockAndRun has the timer's function find the containers of the
// timer's image.
func fireInUnlockAndRun(f *file, decl ast.Node) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		if s, ok := n.(*ast.ExprStmt); ok && f.source(s) == "f(arg, seq, delay)" {
			f.insert(s.Pos(), "if !vnetFire(t) { f = func(any, uintptr, int64) {} }; ")
			f.insert(s.End(), "; vnetFired()")
			found = true
		}
		return true
	})
	return found
}

// checkInRun has the run fail as it does when a test fails.
func checkInRun(f *file, decl ast.Node) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.DEFINE && f.source(a.Lhs[0]) == "anyFailed" {
			f.insert(a.End(), "; if vnetCheck() { anyFailed = true }")
			found = true
		}
		return true
	})
	return found
}

// inheritInNewproc1 adds an assignment to the block of user goroutines, which
// is the else that holds newg.labels = ....
func inheritInNewproc1(f *file, decl ast.Node) bool {
	fn, ok := decl.(*ast.FuncDecl)
	if !ok {
		return false
	}
	caller := parameter(f, fn, "*g")
	var newg string
	var block *ast.BlockStmt
	ast.Inspect(fn, func(n ast.Node) bool {
		if s, ok := n.(*ast.IfStmt); ok {
			if e, ok := s.Else.(*ast.BlockStmt); ok {
				if a, x := labelsAssigned(e); a != nil {
					newg, block = x, e
				}
			}
		}
		return true
	})
	if caller == "" || block == nil || newg == caller {
		return false
	}
	f.insert(block.Lbrace+1, " "+newg+".vnet = vnetInherited("+caller+"); "+newg+".vnetHome = vnetBorn("+newg+".vnet);")
	return true
}

func clearInGdestroy(f *file, decl ast.Node) bool {
	a, x := labelsAssigned(decl)
	if a == nil || f.source(a.Rhs[0]) != "nil" {
		return false
	}
	f.insert(a.Pos(), "vnetDied("+x+".vnetHome); "+x+".vnet, "+x+".vnetHome = nil, nil; ")
	return true
}

// labelsAssigned finds the assignment x.labels = ....
func labelsAssigned(in ast.Node) (found *ast.AssignStmt, x string) {
	ast.Inspect(in, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN && len(a.Lhs) == 1 {
			if sel, ok := a.Lhs[0].(*ast.SelectorExpr); ok && sel.Sel.Name == "labels" {
				if id, ok := sel.X.(*ast.Ident); ok {
					found, x = a, id.Name
				}
			}
		}
		return true
	})
	return found, x
}

// wrapInSetFinalizer wraps the function in the variable f :=
// efaceOf(&finalizer), after all checks and before the switch to the system
// stack, on which no image is current.
func wrapInSetFinalizer(f *file, decl ast.Node) bool {
	fn, ok := decl.(*ast.FuncDecl)
	if !ok {
		return false
	}
	var eface string
	var at *ast.ExprStmt
	for _, s := range fn.Body.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if len(s.Lhs) == 1 && f.source(s.Rhs[0]) == "efaceOf(&finalizer)" {
				eface = f.source(s.Lhs[0])
			}
		case *ast.ExprStmt:
			if f.source(s) == "createfing()" {
				at = s
			}
		}
	}
	if eface == "" || at == nil {
		return false
	}
	f.insert(at.Pos(), eface+".data = unsafe.Pointer(vnetCarry((*funcval)("+eface+".data))); ")
	return true
}

func wrapInAddCleanup(f *file, decl ast.Node) bool {
	var value ast.Expr
	ast.Inspect(decl, func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok && lit.Type != nil && f.source(lit.Type) == "cleanupFn" {
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && f.source(kv.Key) == "fn" {
					value = kv.Value
				}
			}
		}
		return true
	})
	if value == nil {
		return false
	}
	f.wrap(value, "vnetCarry(", ")")
	return true
}

// goApart edits the statement that starts fn.
func goApart(fn string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		var stmt *ast.GoStmt
		ast.Inspect(decl, func(n ast.Node) bool {
			if s, ok := n.(*ast.GoStmt); ok && f.source(s.Call) == fn+"()" {
				stmt = s
			}
			return true
		})
		if stmt == nil {
			return false
		}
		f.replace(stmt, "vnetApart("+fn+")")
		return true
	}
}

// unwrapCall edits the statement that calls name (a function, field or method):
// its argument i is unwrapped, and the image put away after it.
func unwrapCall(name string, i int) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		var stmt *ast.ExprStmt
		var arg ast.Expr
		ast.Inspect(decl, func(n ast.Node) bool {
			s, ok := n.(*ast.ExprStmt)
			if !ok {
				return true
			}
			call, ok := s.X.(*ast.CallExpr)
			if !ok || called(call) != name || len(call.Args) <= i {
				return true
			}
			stmt, arg = s, call.Args[i]
			// Inside a conversion unsafe.Pointer(x), it is x.
			if conv, ok := arg.(*ast.CallExpr); ok && len(conv.Args) == 1 && called(conv) == "Pointer" {
				arg = conv.Args[0]
			}
			return true
		})
		if stmt == nil {
			return false
		}
		f.wrap(arg, "vnetCarried(", ")")
		f.insert(stmt.End(), "; vnetUncarry()")
		return true
	}
}
