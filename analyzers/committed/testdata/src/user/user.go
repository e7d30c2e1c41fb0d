package user

import (
	"fmt"
	"unsafe"

	"lib"
	other "lib"
)

const length = len(lib.Table) // want `lib.Table is virtual: .*; a constant cannot call it, and has to be written in another way`

var start = lib.Level // want `lib.Level is virtual: in a build with -tags vimage its package has no such variable; lib.V_Level\(\) returns its address in both builds`

func use(n int) (any, error) {
	lib.Level = 5                         // want `lib.Level`
	lib.Level++                           // want `lib.Level`
	lib.Level += 2                        // want `lib.Level`
	p := &lib.Level                       // want `lib.Level`
	q := &(lib.Level)                     // want `lib.Level`
	*p, *q = n/lib.Level, n*lib.Level     // want `lib.Level` `lib.Level`
	n = -lib.Level                        // want `lib.Level`
	lib.Conf.Level = lib.Conf.Get()       // want `lib.Conf` `lib.Conf`
	lib.Conf.Raise()                      // want `lib.Conf`
	raise := lib.Conf.Raise               // want `lib.Conf`
	lib.Ptr.Level = (*lib.Ptr).Level      // want `lib.Ptr` `lib.Ptr`
	lib.Ptr.Raise()                       // want `lib.Ptr`
	lib.Names = append(lib.Names, "a")    // want `lib.Names` `lib.Names`
	_ = lib.Names[0] + lib.Names[:1][0]   // want `lib.Names` `lib.Names`
	lib.Table[1] = cap(lib.Names)         // want `lib.Table` `lib.Names`
	lib.By["a"]++                         // want `lib.By`
	delete(lib.By, "a")                   // want `lib.By`
	n = lib.Do(n)                         // want `lib.Do`
	defer lib.Do(n)                       // want `lib.Do`
	go other.Do(n)                        // want `lib.Do`
	_ = lib.W.Weigh()                     // want `lib.W`
	_ = lib.Any.(int)                     // want `lib.Any`
	lib.Jobs <- <-lib.Jobs                // want `lib.Jobs` `lib.Jobs`
	_ = map[int]int{lib.Level: lib.Level} // want `lib.Level` `lib.Level`
	_ = unsafe.Sizeof(lib.Table)          // want `lib.Table`
	_ = lib.Fixed + lib.Other
	for lib.Level = range lib.Names { // want `lib.Level` `lib.Names`
	}
	switch lib.Any.(type) { // want `lib.Any`
	}
	if lib.Conf == (lib.Config{}) { // want `lib.Conf`
		raise()
	}
	func() {
		lib := struct{ Level int }{}
		lib.Level++
	}()
	var bits [2 + len(lib.Table)]bool                         // want `lib.Table.*constant cannot`
	_ = bits[len(lib.Table)] && 1<<len(lib.Table) > 2         // want `lib.Table` `lib.Table.*constant cannot`
	return lib.Level, fmt.Errorf("%d", len(lib.Table)+length) // want `lib.Level` `lib.Table`
}
