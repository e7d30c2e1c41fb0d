package debug

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"runtime/pprof"
	"slices"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/profile"
)

// A CPU is how the process used its processors for a while, by image.
type CPU struct {
	Seconds float64    `json:"seconds"` // that were sampled
	Busy    float64    `json:"busy"`    // seconds of all processors together
	Images  []ImageCPU `json:"images"`  // the busiest first
}

// An ImageCPU is the share of the images of one name, which profiles have but
// for its first 48 bytes. Samples without an image, as the garbage collector's,
// have no ID and no name.
type ImageCPU struct {
	IDs     []uint64  `json:"ids"`
	Name    string    `json:"name"`
	Seconds float64   `json:"seconds"`
	Top     []FuncCPU `json:"top"` // functions, the busiest first: by Near, then by Self
}

// A FuncCPU is one function's part of an image's time.
type FuncCPU struct {
	Func string  `json:"func"`
	File string  `json:"file"`
	Self float64 `json:"self"` // seconds in the function
	Near float64 `json:"near"` // in it and what of the standard library it called; 0 in that
	All  float64 `json:"all"`  // in it and all that it called
}

// topFuncs bounds the functions of an ImageCPU.
const topFuncs = 10

// labelBytes is how many bytes of a name the label vimage has.
const labelBytes = 48

// sampleCPU takes a CPU profile, which is one for the process, and cuts it by
// image. It returns an error if another one is being taken.
func (h *handler) sampleCPU(ctx context.Context, d time.Duration) (CPU, error) {
	var b bytes.Buffer
	begun := time.Now()
	if err := pprof.StartCPUProfile(&b); err != nil {
		return CPU{}, err
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
	pprof.StopCPUProfile()
	taken := time.Since(begun)
	p, err := profile.Parse(b.Bytes())
	if err != nil {
		return CPU{}, err
	}
	c := h.byImage(p, shown())
	c.Seconds = taken.Seconds()
	return c, nil
}

// byImage cuts a CPU profile by image.
func (h *handler) byImage(p *profile.Profile, images []*vimage.Image) CPU {
	c := CPU{Images: []ImageCPU{}}
	value := slices.Index(p.Types, "cpu/nanoseconds")
	parts := map[string]*part{}
	for _, s := range p.Samples {
		if value < 0 || value >= len(s.Values) {
			continue
		}
		name := s.Labels["vimage"]
		if parts[name] == nil {
			parts[name] = &part{funcs: map[string]*FuncCPU{}}
		}
		seconds := float64(s.Values[value]) / 1e9
		parts[name].add(s.Stack, seconds, h.modules)
		c.Busy += seconds
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		d := ImageCPU{IDs: []uint64{}, Name: name, Seconds: parts[name].seconds, Top: parts[name].top()}
		for _, im := range images {
			if full := im.Name(); name != "" && full[:min(len(full), labelBytes)] == name {
				d.IDs = append(d.IDs, im.ID())
				d.Name = full
			}
		}
		c.Images = append(c.Images, d)
	}
	slices.SortStableFunc(c.Images, func(a, b ImageCPU) int { return cmp.Compare(b.Seconds, a.Seconds) })
	return c
}

// A part is the samples of one name.
type part struct {
	seconds float64
	funcs   map[string]*FuncCPU
}

func (p *part) add(stack []profile.Frame, seconds float64, known modules) {
	p.seconds += seconds
	seen, near := map[string]bool{}, false
	for i, f := range stack {
		fn := p.funcs[f.Func]
		if fn == nil {
			fn = &FuncCPU{Func: f.Func, File: f.File}
			p.funcs[f.Func] = fn
		}
		if i == 0 {
			fn.Self += seconds
		}
		if !near && !known.std(f.Func) {
			fn.Near += seconds
			near = true
		}
		if !seen[f.Func] { // it may have called itself
			fn.All += seconds
			seen[f.Func] = true
		}
	}
}

// top returns the functions in which most time was spent.
func (p *part) top() []FuncCPU {
	list := []FuncCPU{}
	for _, name := range slices.Sorted(maps.Keys(p.funcs)) {
		list = append(list, *p.funcs[name])
	}
	slices.SortStableFunc(list, func(a, b FuncCPU) int {
		return cmp.Or(cmp.Compare(b.Near, a.Near), cmp.Compare(b.Self, a.Self), cmp.Compare(b.All, a.All))
	})
	return list[:min(len(list), topFuncs)]
}
