package debug

import (
	"cmp"
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
	Packages   int       `json:"packages"`        // that have variables
	Error      string    `json:"error,omitempty"` // why Close failed: the image is over, and goroutines of it are left
}

// A Variable is one with its value.
type Variable struct {
	Name  string     `json:"name"`
	Value *look.Node `json:"value"`
}

// A Package is the variables of one.
type Package struct {
	Path      string     `json:"path"`
	Module    string     `json:"module,omitempty"` // of the standard library, and if it is not known, none
	Own       bool       `json:"own,omitempty"`    // it is of the program's own module
	Std       bool       `json:"std,omitempty"`
	Bytes     uintptr    `json:"bytes"`
	Names     []string   `json:"names"`     // of the variables
	Variables []Variable `json:"variables"` // null if they were not asked for
}

// A Detail is all of one image.
type Detail struct {
	Image
	Writable bool                `json:"writable"`
	Maps     bool                `json:"maps"` // entries of maps are read
	Sysctls  []sysctlhttp.Sysctl `json:"sysctls"`
	List     []Package           `json:"list"` // the program's own first, then other modules', then the standard library
}

// mostOver bounds how many images that are over are listed: the latest.
const mostOver = 100

// Images describes the images, image 0 first: the live ones, then those that
// are starting or closing, then the latest 100 that are over while goroutines
// of them are left.
func Images() []Image {
	var list []Image
	images := shown()
	for _, im := range images {
		list = append(list, describe(im))
	}
	if len(list) == 1 { // it has them all, known or not
		list[0].Goroutines = runtime.NumGoroutine()
	}
	return list
}

// shown returns the images in the order of Images.
func shown() []*vimage.Image {
	rest := vimage.NotLive()
	over := slices.IndexFunc(rest, isOver) // those that are over come last
	if over >= 0 && len(rest)-over > mostOver {
		rest = slices.Delete(rest, over, len(rest)-mostOver)
	}
	return append(slices.Collect(vimage.All()), rest...)
}

func isOver(im *vimage.Image) bool { return im.State() > vimage.Closing }

func describe(im *vimage.Image) Image {
	d := Image{
		ID: im.ID(), Name: im.Name(), State: im.State().String(), Created: im.Created(),
		Age: float64(time.Since(im.Created()).Milliseconds()) / 1000, Goroutines: im.Goroutines(),
	}
	if p := im.Parent(); p != nil {
		id := p.ID()
		d.Parent = &id
	}
	if err := im.CloseError(); err != nil {
		d.Error, _, _ = strings.Cut(err.Error(), "\n\n") // stacks, of what was left then
	}
	for _, c := range im.Containers() {
		if c.Value != nil {
			d.Packages++
			d.Bytes += reflect.TypeOf(c.Value).Elem().Size()
		}
	}
	return d
}

// find returns an image by number, nil if there is none with it.
func find(id uint64) *vimage.Image {
	for _, im := range shown() {
		if im.ID() == id {
			return im
		}
	}
	return nil
}

// sysctls describes those of an image: none if it is not live.
func sysctls(im *vimage.Image) (list []sysctl.Info) {
	if im.State() == vimage.Live {
		within(im, func() { list = sysctl.List("") })
	}
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

// A selection says of which packages what is read.
type selection struct {
	packages []string // those that are listed; none stands for all
	variable string   // the only one that is read, "" for all
	read     func(Package) bool
}

// detail reads one image.
func (h *handler) detail(im *vimage.Image, sel selection, limits look.Limits) Detail {
	d := Detail{
		Image: describe(im), Writable: h.writable, Maps: limits.Maps != look.NoMaps,
		List: []Package{}, Sysctls: []sysctlhttp.Sysctl{},
	}
	for _, s := range sysctls(im) {
		d.Sysctls = append(d.Sysctls, sysctlhttp.New(s))
	}
	for _, c := range im.Containers() {
		if c.Value == nil || len(sel.packages) > 0 && !slices.Contains(sel.packages, c.Path) {
			continue
		}
		p := h.describe(c)
		if sel.read(p) {
			p.Variables = readPackage(c, sel.variable, limits)
		}
		d.List = append(d.List, p)
	}
	slices.SortStableFunc(d.List, func(a, b Package) int {
		return cmp.Or(order(a.Own, b.Own), order(!a.Std, !b.Std), strings.Compare(a.Path, b.Path))
	})
	return d
}

// describe returns a package without the values of its variables.
func (h *handler) describe(c vimage.Container) Package {
	p := Package{Path: c.Path, Std: c.Std, Bytes: reflect.TypeOf(c.Value).Elem().Size(), Names: []string{}}
	for _, f := range fields(c) {
		p.Names = append(p.Names, f.name)
	}
	if !c.Std {
		p.Module, p.Own = h.modules.of(c.Path)
	}
	return p
}

// readPackage reads the variables of a container, or only one.
func readPackage(c vimage.Container, only string, limits look.Limits) []Variable {
	list := []Variable{}
	for _, f := range fields(c) {
		if only == "" || f.name == only {
			list = append(list, Variable{f.name, f.read(c, limits)})
		}
	}
	return list
}

// at returns the address of a container's field.
func at(c vimage.Container, offset uintptr) unsafe.Pointer {
	return unsafe.Add(reflect.ValueOf(c.Value).UnsafePointer(), offset)
}

// A Difference is where a variable differs in two images.
type Difference struct {
	Package  string `json:"package"`
	Own      bool   `json:"own,omitempty"`
	Std      bool   `json:"std,omitempty"`
	Variable string `json:"variable"`
	look.Change
}

// compare reads two images and lists the differences, those of the program's
// own packages first.
func (h *handler) compare(a, b *vimage.Image, limits look.Limits) []Difference {
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
		p := h.describe(c)
		for _, f := range fields(c) {
			for _, change := range look.Diff(f.read(c, limits), f.read(d, limits)) {
				list = append(list, Difference{c.Path, p.Own, p.Std, f.name, change})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Difference) int {
		return cmp.Or(order(a.Own, b.Own), order(!a.Std, !b.Std), strings.Compare(a.Package, b.Package))
	})
	return list
}
