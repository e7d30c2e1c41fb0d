package writecheck

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed _overlay/*.go
var added embed.FS

// Flags are the compiler's. Instrumentation is the memory sanitizer's, without
// the sanitizer; sync/atomic is called, so that its writes can be seen; the
// runtime is left as it is.
var flags = []string{
	"-gcflags=all=-msan -d=checkptr=0 -d=ssa/intrinsics/off",
	"-gcflags=runtime=",
	"-gcflags=internal/runtime/...=",
}

// An edit inserts text in a file of the standard library: at the head of a
// function, or instead of a text that occurs there once.
type edit struct {
	file, fn string // fn "": anywhere in the file
	old, new string // old "": at the head
}

var edits = []edit{
	{"runtime/proc.go", "main", "fn := main_main", "wcStart(); fn := main_main"},
	{"runtime/proc.go", "main", "last := lastmoduledatap", "wcSymbolize(); last := lastmoduledatap"},
	{"runtime/proc.go", "main", "\texit(0)", "\twcExit(); exit(0)"},
	{"runtime/proc.go", "os_beforeExit", "", "defer wcExit()"},
	{"runtime/malloc.go", "mallocgc", "size < maxTinySize && ", "size < maxTinySize && !msanenabled && "},
	{"runtime/mbarrier.go", "typedmemmove", "", "wcRuntime(dst, typ.Size_)"},
	{"runtime/mbarrier.go", "typedmemclr", "", "wcRuntime(ptr, typ.Size_)"},
	{"runtime/mbarrier.go", "memclrHasPointers", "", "wcRuntime(ptr, n)"},
	{"runtime/mbarrier.go", "reflect_typedmemclrpartial", "", "wcRuntime(ptr, size)"},
	{"runtime/mbarrier.go", "reflectcallmove", "", "wcRuntime(dst, size)"},
	{"runtime/chan.go", "recvDirect", "", "wcRuntime(dst, t.Size_)"},
	{"runtime/chan.go", "chansend", "", "wcSend(c, block)"},
	{"runtime/chan.go", "chanrecv", "", "wcReceive(c, block)"},
	{"runtime/chan.go", "closechan", "", "wcSend(c, true)"},
	{"runtime/select.go", "selectgo", "", "wcSelect(cas0, nsends, nsends+nrecvs, block)"},
	{"runtime/map.go", "mapdelete", "", "wcMapWrite(m)"},
	{"runtime/map.go", "mapclear", "", "wcMapWrite(m)"},
	{"internal/runtime/maps/runtime.go", "runtime_mapassign", "", "wcMapWrite(m)"},
	{"internal/runtime/maps/runtime_fast32.go", "runtime_mapassign_fast32", "", "wcMapWrite(m)"},
	{"internal/runtime/maps/runtime_fast32.go", "runtime_mapassign_fast32ptr", "", "wcMapWrite(m)"},
	{"internal/runtime/maps/runtime_fast32.go", "runtime_mapdelete_fast32", "", "wcMapWrite(m)"},
	{"internal/runtime/maps/runtime_fast64.go", "runtime_mapassign_fast64", "", "wcMapWrite(m)"},
	{"internal/runtime/maps/runtime_fast64.go", "runtime_mapassign_fast64ptr", "", "wcMapWrite(m)"},
	{"internal/runtime/maps/runtime_fast64.go", "runtime_mapdelete_fast64", "", "wcMapWrite(m)"},
	{"internal/runtime/maps/runtime_faststr.go", "runtime_mapassign_faststr", "", "wcMapWrite(m)"},
	{"internal/runtime/maps/runtime_faststr.go", "runtime_mapdelete_faststr", "", "wcMapWrite(m)"},
	{"testing/testing.go", "tRunner", "if t.Failed() {\n\t\t\tnumFailed", "wcCompare(); if t.Failed() {\n\t\t\tnumFailed"},
	// Where it is no instruction, this function says that it should be one.
	{"crypto/internal/constanttime/constant_time.go", "boolToUint8", `panic("unreachable; must be intrinsicified")`, "if b { return 1 }; return 0"},
	// sync.Pool calls it where the compiler does not know it.
	{"internal/runtime/atomic/atomic_amd64.go", "", "//go:linkname Load64", "//go:linkname Load64\n//go:linkname LoadAcquintptr"},
	// Declared without a body, for the assembly that is taken away.
	{"runtime/atomic_pointer.go", "sync_atomic_StoreUintptr", "", "wcAtomicWrite(unsafe.Pointer(ptr)); atomic.Storeuintptr(ptr, new)"},
	{"runtime/atomic_pointer.go", "sync_atomic_SwapUintptr", "", "wcAtomicWrite(unsafe.Pointer(ptr)); return atomic.Xchguintptr(ptr, new)"},
	{
		"runtime/atomic_pointer.go", "sync_atomic_CompareAndSwapUintptr", "",
		"ok := atomic.Casuintptr(ptr, old, new); if ok { wcAtomicWrite(unsafe.Pointer(ptr)) }; return ok",
	},
}

// replaced are whole files of the standard library.
var replaced = map[string]string{
	"runtime/msan0.go":  "package runtime\n\nconst msanenabled = true\n",
	"sync/atomic/asm.s": "// The functions are in package runtime.\n",
}

// places says which files are added where.
var places = map[string]string{
	"watch.go":       "runtime/wc_watch.go",
	"watch_amd64.go": "runtime/wc_watch_amd64.go",
	"watch_arm64.go": "runtime/wc_watch_arm64.go",
	"atomic.go":      "runtime/wc_atomic.go",
	"testing.go":     "testing/wc_testing.go",
	"maps.go":        "internal/runtime/maps/wc_maps.go",
}

// overlay returns what lies over GOROOT, by absolute path.
func overlay(goroot string) (map[string][]byte, error) {
	src := filepath.Join(goroot, "src")
	files := map[string][]byte{}
	var errs []error
	byFile := map[string][]edit{}
	for _, e := range edits {
		byFile[e.file] = append(byFile[e.file], e)
	}
	for name, list := range byFile {
		path := filepath.Join(src, filepath.FromSlash(name))
		text, err := os.ReadFile(path)
		if err == nil {
			text, err = apply(name, text, list)
		}
		files[path] = text
		errs = append(errs, err)
	}
	for name, text := range replaced {
		files[filepath.Join(src, filepath.FromSlash(name))] = []byte(text)
	}
	// With the other constant, system calls report what they wrote.
	text, err := os.ReadFile(filepath.Join(src, "internal", "msan", "msan.go"))
	errs = append(errs, err)
	files[filepath.Join(src, "internal", "msan", "nomsan.go")] = bytes.Replace(text, []byte("//go:build msan\n"), nil, 1)
	for name, place := range places {
		text, err := added.ReadFile("_overlay/" + name)
		files[filepath.Join(src, filepath.FromSlash(place))] = text
		errs = append(errs, err)
	}
	return files, errors.Join(errs...)
}

// apply makes the edits in one file. Lines stay where they are.
func apply(name string, text []byte, list []edit) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	type insertion struct {
		at, end int
		text    string
	}
	var all []insertion
	for _, e := range list {
		if e.fn == "" {
			if strings.Count(string(text), e.old+"\n") != 1 {
				return nil, fmt.Errorf("%s: this Go release does not have %q once", name, e.old)
			}
			at := strings.Index(string(text), e.old+"\n")
			all = append(all, insertion{at, at + len(e.old), e.new})
			continue
		}
		i := slices.IndexFunc(f.Decls, func(d ast.Decl) bool {
			fn, ok := d.(*ast.FuncDecl)
			return ok && fn.Recv == nil && fn.Name.Name == e.fn
		})
		if i < 0 {
			return nil, fmt.Errorf("%s: this Go release has no function %s", name, e.fn)
		}
		fn := f.Decls[i].(*ast.FuncDecl)
		offset := func(p token.Pos) int { return fset.PositionFor(p, false).Offset }
		switch {
		case fn.Body == nil:
			all = append(all, insertion{offset(fn.End()), offset(fn.End()), " { " + e.new + " }"})
		case e.old == "":
			all = append(all, insertion{offset(fn.Body.Lbrace) + 1, offset(fn.Body.Lbrace) + 1, " " + e.new + ";"})
		default:
			start, body := offset(fn.Body.Lbrace), string(text[offset(fn.Body.Lbrace):offset(fn.Body.End())])
			if strings.Count(body, e.old) != 1 {
				return nil, fmt.Errorf("%s: in this Go release function %s does not have %q once", name, e.fn, e.old)
			}
			at := start + strings.Index(body, e.old)
			all = append(all, insertion{at, at + len(e.old), e.new})
		}
	}
	slices.SortFunc(all, func(a, b insertion) int { return b.at - a.at })
	for _, in := range all {
		text = slices.Concat(text[:in.at], []byte(in.text), text[in.end:])
	}
	return text, nil
}
