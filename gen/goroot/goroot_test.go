package goroot_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-vimage/vimage"
	"github.com/go-vimage/vimage/gen/goroot"
)

func TestOverlayKeepsLines(t *testing.T) {
	root := gorootDir(t)
	for _, slot := range []string{goroot.SlotG, goroot.SlotLabel} {
		a, err := goroot.Overlay(goroot.Options{GOROOT: root, Slot: slot})
		if err != nil {
			t.Fatal(err)
		}
		b, err := goroot.Overlay(goroot.Options{GOROOT: root, Slot: slot})
		if err != nil {
			t.Fatal(err)
		}
		if !maps.EqualFunc(a.Files, b.Files, bytes.Equal) {
			t.Errorf("%s: two overlays differ", slot)
		}
		for name, content := range a.Files {
			if _, err := parser.ParseFile(token.NewFileSet(), name, content, 0); err != nil {
				t.Error(err)
			}
			old, err := os.ReadFile(name)
			if err != nil {
				continue // an added one
			}
			if bytes.Count(old, []byte("\n")) != bytes.Count(content, []byte("\n")) {
				t.Errorf("%s: %s has other lines", slot, name)
			}
		}
	}
}

// small copies of GOROOT what Overlay reads, with one text replaced, in one
// file.
func small(t *testing.T, file, old, text string) string {
	t.Helper()
	root, dir := gorootDir(t), t.TempDir()
	for _, name := range []string{
		"os/proc.go", "os/signal/signal.go", "testing/testing.go", "testing/fuzz.go", "testing/allocs.go", "testing/benchmark.go", "testing/match.go", "testing/run_example.go", "sync/pool.go", "context/context.go",
		"time/sleep.go", "time/time.go", "time/tick.go",
		"runtime/sema.go", "runtime/atomic_pointer.go", "runtime/proc.go", "runtime/runtime2.go",
		"runtime/symtab.go", "runtime/symtabinl.go", "runtime/panic.go", "runtime/traceback.go",
		"runtime/mfinal.go", "runtime/mcleanup.go", "runtime/mprof.go", "runtime/proflabel.go", "runtime/time.go", "syscall/env_unix.go",
		"runtime/debug.go", "runtime/signal_unix.go", "runtime/sigqueue.go", "runtime/runtime.go",
		"syscall/syscall_linux.go", "syscall/syscall_unix.go", "syscall/rlimit.go", "syscall/exec_unix.go", "runtime/mstats.go", "internal/poll/fd_poll_runtime.go",
		"internal/runtime/pprof/label/labelset.go",
		"runtime/pinner.go", "runtime/synctest.go", "runtime/checkptr.go", "runtime/cgocall.go", "runtime/cgo.go",
	} {
		content, err := os.ReadFile(filepath.Join(root, "src", name))
		if err != nil {
			t.Fatal(err)
		}
		if name == file {
			if !bytes.Contains(content, []byte(old)) {
				t.Fatalf("%s does not contain %q", name, old)
			}
			content = bytes.ReplaceAll(content, []byte(old), []byte(text))
		}
		to := filepath.Join(dir, "src", name)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestMissingAnchors(t *testing.T) {
	tests := []struct {
		slot, file, old, text string
		gotSlot               string // "" when refused
		mention               string // in the note or the error
	}{
		{"g", "", "", "", "g", ""},
		{"label", "", "", "", "label", ""},
		{"g", "runtime/runtime2.go", "labels          unsafe", "tags unsafe", "label", "runtime.g (field labels)"},
		{"g", "runtime/proc.go", "newg.labels =", "newg.tags =", "label", "runtime.newproc1 (labels of newg)"},
		{"g", "runtime/proc.go", "callergp *g, callerpc", "callergp guintptr, callerpc", "label", "runtime.newproc1"},
		{"g", "runtime/proc.go", "gp.labels = nil", "gp.tags = nil", "label", "runtime.gdestroy (labels = nil)"},
		{"g", "runtime/mfinal.go", "\tcreatefing()", "\tmakefing()", "label", "runtime.SetFinalizer (createfing())"},
		{"g", "runtime/mfinal.go", "func runFinalizers", "func runfinq", "label", "runtime.runFinalizers"},
		{"g", "runtime/mcleanup.go", "c.call(c.fn, c.arg)", "c.run()", "label", "runtime.runCleanups (call)"},
		{"g", "runtime/proc.go", "tagPtr = &gp.m.curg.labels", "tagPtr = curg.tag()", "g", "runtime.sigprof (&gp.m.curg.labels)"},
		{"g", "runtime/mprof.go", "labels[offset] = gp1.labels", "labels[offset] = gp1.tags", "g", "runtime.doRecordGoroutineProfile (gp1.labels)"},
		{"g", "internal/runtime/pprof/label/labelset.go", "Key   string", "Key, Unit string", "g", "label.Label (fields Key and Value)"},
		{"g", "runtime/symtab.go", "f.startLine, f.funcID}", "f.startLine, f.funcID, 0}", "g", "runtime.funcInfo.srcFunc (srcFunc{...})"},
		{"g", "runtime/symtab.go", "funcName(nameOff int32)", "funcName(nameOff uint32)", "g", "runtime.moduledata.funcName (parameter nameOff)"},
		{"g", "runtime/proc.go", "fn := main_main", "fn := mainMain", "", "runtime.main (main_main)"},
		{"g", "runtime/mcleanup.go", "findObject(usptr, 0, 0)", "objectOf(usptr)", "g", "runtime.AddCleanup (findObject)"},
		{"g", "runtime/checkptr.go", "return base", "return start", "g", "runtime.checkptrBase (return base)"},
		{"label", "runtime/cgocall.go", "if inheap(", "if inHeap(", "label", "runtime.cgoCheckUnknownPointer (inheap)"},
		{"label", "runtime/mcleanup.go", "\t\tfn:   *", "\t\tf:   *", "label", "runtime.AddCleanup"},
		{"label", "runtime/proflabel.go", "runtime_setProfLabel(labels", "setProfLabel(labels", "", "runtime.runtime_setProfLabel"},
		{"label", "internal/runtime/pprof/label/labelset.go", "Key   string", "Key, Unit string", "", "label.Label (fields Key and Value)"},
		{"g", "runtime/runtime2.go", "waitReasonSyncWaitGroupWait ", "waitReasonWaitGroup ", "g", "runtime.waitReasonSyncWaitGroupWait"},
		{"g", "os/proc.go", "func Exit(code int)", "func Exit(code uint8)", "", "os.Exit (parameter code)"},
		{"g", "os/signal/signal.go", "go watchSignalLoop()", "go loop()", "", "os/signal.Notify (go watchSignalLoop())"},
		{"g", "context/context.go", "time.AfterFunc(dur", "afterFunc(dur", "", "context.WithDeadlineCause (time.AfterFunc)"},
		{"g", "testing/testing.go", "func MainStart(", "func Start(", "", "testing.MainStart"},
		{"g", "runtime/sema.go", "func semacquire(", "func semAcquire(", "", "runtime.semacquire"},
		{"g", "syscall/syscall_linux.go", "func Syscall(trap,", "func Syscall(nr,", "", "syscall.Syscall (parameters trap and a1 to a3)"},
		{"g", "syscall/syscall_linux.go", "\terr = Errno(errno)\n\treturn\n", "\treturn r1, r2, Errno(errno)\n", "", "syscall.RawSyscall6"},
		{"g", "internal/poll/fd_poll_runtime.go", "errno := runtime_pollOpen(", "errno := open(", "", "internal/poll.pollDesc.init (runtime_pollOpen)"},
		{"g", "runtime/mprof.go", "\ttracebackothers(gp)", "\ttracebackAll(gp)", "", "runtime.Stack (tracebackothers(gp))"},
		{"g", "runtime/signal_unix.go", "systemstack(sigpipe)", "sigpipe()", "", "runtime.os_sigpipe (systemstack(sigpipe))"},
		{"g", "os/signal/signal.go", "func cancel(sigs", "func cancel(list", "", "os/signal.cancel (parameters sigs and action)"},
		{"g", "runtime/panic.go", "\tfatalpanic(&p)", "\tfatal(&p)", "", "runtime.gopanic (fatalpanic(&p))"},
	}
	for _, test := range tests {
		dir := small(t, test.file, test.old, test.text)
		res, err := goroot.Overlay(goroot.Options{GOROOT: dir, Slot: test.slot})
		said := ""
		switch {
		case err != nil:
			res = &goroot.Result{}
			said = err.Error()
		default:
			said = res.Note
		}
		if res.Slot != test.gotSlot || !strings.Contains(said, test.mention) || (test.mention == "") != (said == "") {
			t.Errorf("slot %s, %s without %q: slot %q, said %q", test.slot, test.file, test.old, res.Slot, said)
		}
		if strings.Contains(said, "\n") || strings.Contains(said, dir) {
			t.Errorf("not one line without paths: %q", said)
		}
	}
}

// What moved to another file of its package is found there.
func TestMovedAnchor(t *testing.T) {
	dir := small(t, "os/proc.go", "func Exit(code int)", "func exit(code int)")
	moved := "package os\n\nfunc Exit(status int) {\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "src/os/exit.go"), []byte(moved), 0o666); err != nil {
		t.Fatal(err)
	}
	res, err := goroot.Overlay(goroot.Options{GOROOT: dir})
	if err != nil {
		t.Fatal(err)
	}
	got := string(res.Files[filepath.Join(dir, "src/os/exit.go")])
	if want := "package os\n\nfunc Exit(status int) { vnetExit(status);\n}\n"; got != want {
		t.Errorf("edited to %q, want %q", got, want)
	}
}

func TestMissingCheckAnchor(t *testing.T) {
	for old, mention := range map[string]string{
		"":                 "",
		"anyFailed := ":    "testing.M.Run (anyFailed := ...)",
		"matchList  ":      "testing.matchList",
		"func (m *M) Run(": "testing.M.Run",
	} {
		_, err := goroot.Overlay(goroot.Options{GOROOT: small(t, "testing/testing.go", old, strings.ReplaceAll(strings.ReplaceAll(old, "a", "aa"), "R", "r")), Check: true})
		switch {
		case mention == "" && err != nil, mention != "" && (err == nil || !strings.Contains(err.Error(), "-check-isolation: anchor "+mention)):
			t.Errorf("without %q: %v", old, err)
		}
	}
}

func TestMissingApartAnchor(t *testing.T) {
	for _, test := range []struct{ file, old, text, mention string }{
		{"", "", "", ""},
		{"testing/testing.go", "MainStart(deps testDeps, tests", "MainStart(deps testDeps, list", "testing.MainStart (its parameters)"},
		{"testing/testing.go", ":= runTests(", ":= runAll(", "testing.M.Run (runTests)"},
		{"testing/allocs.go", "parallelStart.Load()", "parallelBegun.Load()", "testing.AllocsPerRun (parallelStart.Load)"},
		{"syscall/syscall_unix.go", "return bind(fd, ptr, n)", "return bindTo(fd, ptr, n)", "syscall.Bind (bind(fd, ptr, n))"},
	} {
		dir := small(t, test.file, test.old, test.text)
		_, err := goroot.Overlay(goroot.Options{GOROOT: dir, Apart: true})
		if (test.mention == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), "-isolate=test: anchor "+test.mention) {
			t.Errorf("without %q: %v", test.old, err)
		}
		if _, err := goroot.Overlay(goroot.Options{GOROOT: dir}); err != nil {
			t.Errorf("without %q, not asked for: %v", test.old, err)
		}
	}
	_, err := goroot.Overlay(goroot.Options{GOROOT: small(t, "", "", ""), Slot: goroot.SlotLabel, Apart: true})
	if err == nil || err.Error() != "-isolate=test needs the g slot" {
		t.Errorf("in the label slot: %v", err)
	}
}

// Where the runtime's tables are not what they were, there are none.
func TestMissingTable(t *testing.T) {
	for old, want := range map[string]bool{"": true, "allPools []": false} {
		dir := small(t, "sync/pool.go", old, "every []")
		if old == "" {
			dir = small(t, "", "", "")
		}
		res, err := goroot.Overlay(goroot.Options{GOROOT: dir, Watch: true})
		if err != nil {
			t.Fatal(err)
		}
		tables := string(res.Files[filepath.Join(dir, "src/runtime/vnet_tables.go")])
		if _, pools := res.Files[filepath.Join(dir, "src/sync/vnet_pools.go")]; pools != want || strings.Contains(tables, "&allp") != want {
			t.Errorf("without %q: pools %t, tables\n%s", old, pools, tables)
		}
	}
}

// Where the runtime does not give out ids as expected, the label slot stops the
// world to know that an image is empty.
func TestMissingBirths(t *testing.T) {
	for old, want := range map[string]bool{"": true, "goidcache    uint64": false} {
		dir := small(t, "runtime/runtime2.go", old, "idcache uint64")
		if old == "" {
			dir = small(t, "", "", "")
		}
		res, err := goroot.Overlay(goroot.Options{GOROOT: dir, Slot: "label"})
		if err != nil {
			t.Fatal(err)
		}
		births := string(res.Files[filepath.Join(dir, "src/runtime/vnet_births.go")])
		if strings.Contains(births, "pp.goidcache") != want || res.Note != "" {
			t.Errorf("without %q: %s\n%s", old, res.Note, births)
		}
	}
}

func TestSlotName(t *testing.T) {
	_, err := goroot.Overlay(goroot.Options{GOROOT: small(t, "", "", ""), Slot: "tls"})
	if err == nil || err.Error() != `slot "tls": want g or label` {
		t.Errorf("error %v", err)
	}
}

// The tool carries all of the sources of runtime/vimage, and what its debug
// pages need, and none of the tests.
func TestEmbedded(t *testing.T) {
	list := func(fsys fs.FS) (names []string) {
		err := fs.WalkDir(fsys, "runtime", func(name string, d fs.DirEntry, err error) error {
			// Generated code of builds links nothing of runtime/alias and
			// runtime/vdso.
			if err == nil && d.IsDir() && (d.Name() == "testdata" || name == "runtime/alias" || name == "runtime/vdso") {
				return fs.SkipDir
			}
			stock := name == "runtime/vimage/internal/core/stock.s" // package runtime has assembly of its own
			if err == nil && !d.IsDir() && !strings.HasSuffix(name, "_test.go") && !stock {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	if got, want := list(vimage.Runtime), list(os.DirFS("../..")); !slices.Equal(got, want) {
		t.Errorf("embedded are %v, want %v", got, want)
	}
	err := fs.WalkDir(vimage.Runtime, ".", func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s is embedded", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
