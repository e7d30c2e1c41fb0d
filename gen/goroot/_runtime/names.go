package runtime

import (
	"internal/abi"
	"internal/stringslite"
	"unsafe"
)

// This file shows functions and frames as the program's author knows them: to
// Callers, FuncForPC, tracebacks and profiles, all of which take a function's
// name from moduledata.funcName and its kind from srcFunc.
//
// A function that the rewriter made of something else has a name that says of
// what, behind vnetMark:
//
//	vnet_p_init_x__vnetv3_7_2_9   the third initialiser of package p: p.init.
//	                              Seven function literals are in initialisers
//	                              before it, two in it, nine in all: .func1 in
//	                              it is p.init.func8
//	vnet_p_init_func0__vneti0     the function init number 0: p.init.0
//	vnet__vnetnmain               another name: runtime.main
//
// A function of which nobody shall see a frame is at a line from vnetHidden on.
// It then counts as a wrapper, which is shown only if it panics itself.

const (
	vnetMark   = "__vnet"
	vnetHidden = 1000000000
)

// vnetFuncID returns the kind of a function.
func vnetFuncID(id abi.FuncID, startLine int32) abi.FuncID {
	if startLine >= vnetHidden {
		return abi.FuncIDWrapper
	}
	return id
}

// vnetNames are the authors' names of a module's functions.
type vnetNames struct {
	next  *vnetNames
	md    *moduledata
	offs  []int32  // in funcnametab, ascending
	names []string // NUL-terminated
}

var (
	vnetNamed   unsafe.Pointer // *vnetNames, of all modules
	vnetNamedTo *moduledata    // the last module that is among them, or has no such names
)

// vnetFuncName returns the author's name of a function whose name is at
// nameOff, or "" if that is the author's. It is called by signal handlers.
func vnetFuncName(md *moduledata, nameOff int32) string {
	for t := (*vnetNames)(vnetLoad(&vnetNamed)); t != nil; t = t.next {
		if t.md != md {
			continue
		}
		low, high := 0, len(t.offs)
		for low < high {
			mid := int(uint(low+high) / 2)
			switch off := t.offs[mid]; {
			case off == nameOff:
				return t.names[mid]
			case off < nameOff:
				low = mid + 1
			default:
				high = mid
			}
		}
	}
	return ""
}

// vnetSeeNames reads the names of the modules that it has not seen, under the
// lock.
func vnetSeeNames() {
	modules := activeModules()
	if last := modules[len(modules)-1]; last == vnetNamedTo {
		return
	}
	known := vnetNamedTo == nil
	for _, md := range modules {
		if known {
			vnetReadNames(md)
		}
		known = known || md == vnetNamedTo
	}
	vnetNamedTo = modules[len(modules)-1]
}

func vnetReadNames(md *moduledata) {
	t := &vnetNames{next: (*vnetNames)(vnetNamed), md: md}
	all := unsafe.String(unsafe.SliceData(md.funcnametab), len(md.funcnametab))
	for at := 0; ; {
		i := stringslite.Index(all[at:], vnetMark)
		if i < 0 {
			break
		}
		start, end := at+i, at+i
		for start > 0 && all[start-1] != 0 {
			start--
		}
		for end < len(all) && all[end] != 0 {
			end++
		}
		t.offs = append(t.offs, int32(start))
		t.names = append(t.names, all[start:end])
		at = end
	}
	if t.offs == nil {
		return
	}
	inlined := vnetInlined(t.names)
	for i, name := range t.names {
		text := append(vnetDecode(name, inlined), 0)
		t.names[i] = unsafe.String(unsafe.SliceData(text), len(text)-1)
	}
	vnetStore(&vnetNamed, unsafe.Pointer(t))
}

// A vnetToken is the identifier with a mark, at s[start:end].
type vnetToken struct {
	start, end int
	kind       byte
	n          [4]int // the initialiser's number, literals before it, in it and in all; or the init function's number
	name       string
}

// vnetTokenIn finds the next one. A name of the author's may have a mark by
// chance: it does not begin as ours do, or has no number.
func vnetTokenIn(s string, from int) (t vnetToken, ok bool) {
	i := from
	for {
		next := stringslite.Index(s[i:], vnetMark)
		if next < 0 {
			return t, false
		}
		i += next
		t.start = i
		for t.start > from && s[t.start-1] != '.' {
			t.start--
		}
		i += len(vnetMark)
		if !stringslite.HasPrefix(s[t.start:], "vnet_") || i+1 >= len(s) {
			continue
		}
		t.kind = s[i]
		number := (t.kind == 'i' || t.kind == 'v') && '0' <= s[i+1] && s[i+1] <= '9'
		if number || t.kind == 'n' && s[:t.start] == "runtime." {
			break
		}
	}
	i++
	t.end = i
	for t.end < len(s) && s[t.end] != '.' && s[t.end] != '-' && s[t.end] != '[' {
		t.end++
	}
	t.name = s[i:t.end]
	k := 0
	for _, c := range []byte(t.name) {
		if '0' <= c && c <= '9' {
			t.n[k] = 10*t.n[k] + int(c-'0')
		} else if k++; k == len(t.n) {
			break
		}
	}
	return t, true
}

// closure finds the part of s that names a literal in the token's initialiser:
// number is at s[start:end]. A literal of a function that the compiler inlined
// has that one's name in between.
func (t *vnetToken) closure(s string) (number, start, end int, inlined bool) {
	const fun = ".func"
	for at := t.end; ; {
		i := stringslite.Index(s[at:], fun)
		if i < 0 {
			return
		}
		i += at
		at = i + len(fun)
		n, e := 0, at
		for e < len(s) && '0' <= s[e] && s[e] <= '9' {
			n = 10*n + int(s[e]-'0')
			e++
		}
		if e > at && (e == len(s) || s[e] == '.' || s[e] == '-' || s[e] == '[') {
			number, start, end, inlined = n, at, e, i > t.end
		}
	}
}

// A vnetLiteral is one that came into an initialiser with the function around
// it.
type vnetLiteral struct {
	pkg          string
	step, number int
}

func vnetInlined(names []string) (list []vnetLiteral) {
	for _, s := range names {
		t, ok := vnetTokenIn(s, 0)
		if !ok || t.kind != 'v' {
			continue
		}
		if number, _, _, inlined := t.closure(s); inlined {
			l := vnetLiteral{s[:t.start], t.n[0], number}
			seen := false
			for _, other := range list {
				seen = seen || other == l
			}
			if !seen {
				list = append(list, l)
			}
		}
	}
	return list
}

// vnetDecode returns the author's name for s.
func vnetDecode(s string, inlined []vnetLiteral) (out []byte) {
	at := 0
	for {
		t, ok := vnetTokenIn(s, at)
		if !ok {
			return append(out, s[at:]...)
		}
		out = append(out, s[at:t.start]...)
		at = t.end
		switch t.kind {
		case 'n':
			out = append(out, t.name...)
		case 'i':
			out = append(append(out, "init."...), vnetItoa(uint64(t.n[0]))...)
		case 'v':
			out = append(out, "init"...)
			number, start, end, other := t.closure(s)
			if start == 0 {
				continue
			}
			if !other {
				number += t.n[1]
			} else {
				l := vnetLiteral{s[:t.start], t.n[0], number}
				number = t.n[3] + 1
				for _, o := range inlined {
					if o.pkg == l.pkg && (o.step < l.step || o.step == l.step && o.number < l.number) {
						number++
					}
				}
			}
			out = append(out, vnetDecode(s[at:start], nil)...)
			out = append(out, vnetItoa(uint64(number))...)
			at = end
		}
	}
}

// vnetLauncher is the function that takes the place of main, or nil.
var vnetLauncher func(main func())

// VnetLaunch has launch called instead of main. Generated code of package main
// calls it.
func VnetLaunch(launch func(main func())) { vnetLauncher = launch }

// vnetMain returns what the main goroutine calls.
func vnetMain(main func()) func() {
	if vnetLauncher == nil {
		return main
	}
	return vnetLaunched
}

func vnetLaunched() { vnetLauncher(main_main) }

// VnetProgram returns the main function of package main.
func VnetProgram() func() { return main_main }

// VnetCall calls f, which is not inlined then. Literals in it keep their names.
//
//go:noinline
func VnetCall(f func()) { f() }

// VnetMain calls both functions, from what looks like the main goroutine's
// first one: start where that initialises packages.
func VnetMain(start, main func()) { vnet__vnetnmain(start, main) }

// VnetInit starts a module, as the runtime does a package.
func VnetInit(m *VnetModule) { vnet__vnetndoInit(m) }
