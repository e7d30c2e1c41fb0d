/*
# Page: print or watch a shared page

Usage:

	vimagegen page [-json] [-watch [-every 1s]] NAME|PATH

Page prints a shared page from outside: its publisher, whether that is alive, and all variables with
their types and versions, which are of one moment. A name stands for the usual path, in the folder
that VIMAGE_PAGES names, else in /dev/shm, else in the folder of temporary files. It exits 1 if the
page's publisher is not alive.

The flags:

	-json
		print one JSON object in a line, and with -watch one a time.
	-watch
		print it again and again, until interrupted; on a terminal in the same place.
	-every DURATION
		how often.

A page has live variables of one process that others read without a call. A program declares one
with a struct:

	//vimage:shared_page tick version=1.2
	type Tick struct {
		Count uint64
		Rate  float64
		Row   [3]int16
		Host  string `vdso:"cap=64,fallback=hostname"`
	}

	//vimage:vdso fallback=slowLoad
	func load(t *Tick, n uint64) float64 { return float64(t.Count) * t.Rate / float64(n) }

	func slowLoad(n uint64) float64 { ... }

Vimagegen generate writes TickPublisher and TickReader beside it:

	p, err := NewTickPublisher("", Tick{...})     // one process; the first values
	err = p.Publish(func(t *Tick) { t.Count++ })

	r := OpenTick("")                             // any process, before or after
	n, ok := r.Count()                            // one load
	x := r.Load(2)                                // load's variables are of one moment

A reader finds each variable by its name, its type and the version since which it has that type, so
programs of different versions work together: what the page does not have falls back. The file
NAME.abi records these versions; commit it. A field that is removed or gets another type needs a new
version of the page. Types are bool, integers and floats of a stated size, arrays of those, and
strings with a capacity. Vet's analyzer sharedvars reports the others.

The page is an ELF shared object: nm -D, readelf -aW and gdb read it, and a program in C reads the
live values with dlopen and dlvsym(page, "tick_Count", "tick_1.0"). See the documentation of package
runtime/vdso/page for the protocol, of runtime/vdso for the clock, and of runtime/vdso/self for the
pages of processes and images.
*/
package main
