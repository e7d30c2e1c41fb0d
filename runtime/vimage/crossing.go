package vimage

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// A Crossing is a place from which a goroutine went from one image to another.
type Crossing struct {
	From, To string // the images' names at the first time; From is "" for none
	Func     string
	File     string
	Line     int
}

// crossings are those of the debug build, by the return address of Do or Go.
var crossings struct {
	sync.Mutex
	at map[uintptr]Crossing
}

// Crossings returns the places at which [Image.Do] and [Image.Go] were called in another image so far, each once, by file and
// line. Only the debug build, -tags vimage_debug, notes them.
func Crossings() []Crossing {
	crossings.Lock()
	defer crossings.Unlock()
	list := make([]Crossing, 0, len(crossings.at))
	for _, c := range crossings.at {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Crossing) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Func, b.Func))
	})
	return list
}

// crossed notes that the first caller that is not of the library goes from prev
// to im.
func crossed(prev *core.VnetImage, im *Image) {
	if prev == &im.core {
		return
	}
	pc := callerPC()
	crossings.Lock()
	defer crossings.Unlock()
	if _, ok := crossings.at[pc]; ok || pc == 0 {
		return
	}
	if crossings.at == nil {
		crossings.at = map[uintptr]Crossing{}
	}
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	c := Crossing{To: im.Name(), Func: f.Function, File: f.File, Line: f.Line}
	if prev != nil {
		c.From = prev.Name
	}
	crossings.at[pc] = c
}
