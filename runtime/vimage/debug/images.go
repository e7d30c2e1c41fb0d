package debug

import (
	"reflect"
	"runtime"
	"slices"
	"strings"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/look"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl/sysctlhttp"
)

// An Image is what is shown of one in a list.
type Image struct {
	ID         uint64    `json:"id"`
	Name       string    `json:"name"`
	State      string    `json:"state"`
	Created    time.Time `json:"created"`
	Age        float64   `json:"age"` // seconds
	Parent     *uint64   `json:"parent"`
	Goroutines int       `json:"goroutines"`
	Bytes      uintptr   `json:"bytes"`
	Packages   int       `json:"packages"` // that have variables
}

// A Variable is one with its value.
type Variable struct {
	Name  string     `json:"name"`
	Value *look.Node `json:"value"`
}

// A Package is the variables of one.
type Package struct {
	Path      string     `json:"path"`
	Std       bool       `json:"std,omitempty"`
	Bytes     uintptr    `json:"bytes"`
	Variables []Variable `json:"variables"`
}

// A Detail is all of one image.
type Detail struct {
	Image
	Writable bool                `json:"writable"`
	Maps     bool                `json:"maps"`
	Sysctls  []sysctlhttp.Sysctl `json:"sysctls"`
	List     []Package           `json:"list"`
}

// Images describes the live images, image 0 first.
func Images() []Image {
	var list []Image
	for im := range vimage.All() {
		list = append(list, describe(im))
	}
	if len(list) == 1 { // it has them all, known or not
		list[0].Goroutines = runtime.NumGoroutine()
	}
	return list
}

func describe(im *vimage.Image) Image {
	d := Image{
		ID: im.ID(), Name: im.Name(), State: im.State().String(), Created: im.Created(),
		Age: float64(time.Since(im.Created()).Milliseconds()) / 1000, Goroutines: im.Goroutines(),
	}
	if p := im.Parent(); p != nil {
		id := p.ID()
		d.Parent = &id
	}
	for _, c := range im.Containers() {
		if c.Value != nil {
			d.Packages++
			d.Bytes += reflect.TypeOf(c.Value).Elem().Size()
		}
	}
	return d
}

// find returns a live image, nil if there is none with the number.
func find(id uint64) *vimage.Image {
	for im := range vimage.All() {
		if im.ID() == id {
			return im
		}
	}
	return nil
}

// sysctls describes those of an image: none if it is over.
func sysctls(im *vimage.Image) (list []sysctl.Info) {
	within(im, func() { list = sysctl.List("") })
	return list
}

// within runs f in the image, and reports false if that is over.
func within(im *vimage.Image, f func()) (ok bool) {
	defer func() {
		if ok {
			return
		}
		if p := recover(); p != nil && im.State() < vimage.Closing {
			panic(p) // by a function of the program's
		}
	}()
	im.Do(f)
	return true
}

// detail reads one image.
func (h *handler) detail(im *vimage.Image, only string, limits look.Limits) Detail {
	d := Detail{Image: describe(im), Writable: h.writable, Maps: h.maps, List: []Package{}, Sysctls: []sysctlhttp.Sysctl{}}
	for _, s := range sysctls(im) {
		d.Sysctls = append(d.Sysctls, sysctlhttp.New(s))
	}
	for _, c := range im.Containers() {
		if c.Value == nil || only != "" && c.Path != only {
			continue
		}
		d.List = append(d.List, readPackage(c, limits))
	}
	return d
}

// readPackage reads the variables of a container.
func readPackage(c vimage.Container, limits look.Limits) Package {
	v := reflect.ValueOf(c.Value)
	t := v.Type().Elem()
	p := Package{Path: c.Path, Std: c.Std, Bytes: t.Size(), Variables: []Variable{}}
	for i := range t.NumField() {
		f := t.Field(i)
		name, ok := strings.CutPrefix(f.Name, "V_")
		if !ok {
			continue // padding
		}
		p.Variables = append(p.Variables, Variable{name, look.Variable("", f.Type, unsafe.Add(v.UnsafePointer(), f.Offset), limits)})
	}
	// The order of fields follows their memory, which tells a reader nothing.
	slices.SortFunc(p.Variables, func(a, b Variable) int { return strings.Compare(a.Name, b.Name) })
	return p
}

// A Difference is where a variable differs in two images.
type Difference struct {
	Package  string `json:"package"`
	Variable string `json:"variable"`
	look.Change
}

// compare reads two images and lists the differences.
func compare(a, b *vimage.Image, limits look.Limits) []Difference {
	list := []Difference{}
	others := map[string]vimage.Container{}
	for _, c := range b.Containers() {
		others[c.Path] = c
	}
	for _, c := range a.Containers() {
		d, ok := others[c.Path]
		if !ok || c.Value == nil || d.Value == nil || reflect.TypeOf(c.Value) != reflect.TypeOf(d.Value) {
			continue
		}
		x, y := readPackage(c, limits), readPackage(d, limits)
		for i, v := range x.Variables {
			for _, change := range look.Diff(v.Value, y.Variables[i].Value) {
				list = append(list, Difference{c.Path, v.Name, change})
			}
		}
	}
	return list
}
