package debug

import (
	"expvar"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

// Publish adds the variable vimage to expvar: the list of [Images] with their
// sysctls. It panics when called twice in one image, as expvar.Publish does.
func Publish() {
	expvar.Publish("vimage", expvar.Func(func() any {
		type entry struct {
			Image
			Sysctls map[string]string `json:"sysctls"`
		}
		var list []entry
		for _, d := range Images() {
			e := entry{d, map[string]string{}}
			if im := find(d.ID); im != nil {
				for _, s := range sysctls(im) {
					e.Sysctls[s.Name] = s.Text
				}
			}
			list = append(list, e)
		}
		return list
	}))
}

// WriteMetrics writes figures of the images in Prometheus's text format, 0.0.4.
// The label image is the image's name. Sysctls that are numbers, booleans (0 or
// 1) or durations (seconds) are among them, and counters by P. Images that are
// over are counted together.
func WriteMetrics(w io.Writer) error {
	m := metrics{families: map[string][]string{}}
	m.named = map[string]int{}
	images := slices.DeleteFunc(Images(), func(d Image) bool {
		return d.State == vimage.Closed.String() || d.State == vimage.Exited.String()
	})
	for _, d := range images {
		m.named[d.Name]++
	}
	for _, d := range images {
		m.image(d)
	}
	m.over()
	for _, f := range families {
		if len(m.families[f.name]) == 0 {
			continue
		}
		text := "# HELP " + f.name + " " + f.help + "\n# TYPE " + f.name + " " + f.kind + "\n" +
			strings.Join(m.families[f.name], "")
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

const (
	mGoroutines = "vimage_goroutines"
	mBytes      = "vimage_container_bytes"
	mPackages   = "vimage_packages"
	mAge        = "vimage_age_seconds"
	mSysctl     = "vimage_sysctl"
	mCounter    = "vimage_pcpustat"

	mOver           = "vimage_over_images"
	mOverGoroutines = "vimage_over_goroutines"
)

// families are in the order in which they are written; each has its lines
// together, as the format wants it.
var families = [...]struct{ name, kind, help string }{
	{mAge, "gauge", "Time since the image was created."},
	{mBytes, "gauge", "Size of the image's variables, without what they refer to."},
	{mGoroutines, "gauge", "Goroutines and calls in the image."},
	{mOver, "gauge", "Images that are over, but have goroutines left."},
	{mOverGoroutines, "gauge", "Goroutines that are left of images that are over."},
	{mPackages, "gauge", "Packages of which the image has variables of its own."},
	{mCounter, "counter", "Counters by P (//vimage:pcpustat), summed."},
	{mSysctl, "gauge", "Sysctls that are numbers; durations in seconds."},
}

type metrics struct {
	families map[string][]string
	named    map[string]int
}

func (m *metrics) add(family, labels string, value float64) {
	line := family + "{" + labels + "} " + strconv.FormatFloat(value, 'g', -1, 64) + "\n"
	m.families[family] = append(m.families[family], line)
}

// over adds figures of the images that are over, together: there may be many.
func (m *metrics) over() {
	images, goroutines := 0, 0
	for _, im := range vimage.NotLive() {
		if isOver(im) {
			images++
			goroutines += im.Goroutines()
		}
	}
	for name, n := range map[string]int{mOver: images, mOverGoroutines: goroutines} {
		m.families[name] = append(m.families[name], name+" "+strconv.Itoa(n)+"\n")
	}
}

func label(name, value string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
	return name + `="` + escape.Replace(strings.ToValidUTF8(value, "?")) + `"`
}

func (m *metrics) image(d Image) {
	name := d.Name
	if m.named[name] > 1 {
		name += "#" + strconv.FormatUint(d.ID, 10)
	}
	labels := label("image", name)
	m.add(mAge, labels, d.Age)
	m.add(mBytes, labels, float64(d.Bytes))
	m.add(mGoroutines, labels, float64(d.Goroutines))
	m.add(mPackages, labels, float64(d.Packages))
	im := find(d.ID)
	if im == nil {
		return
	}
	for _, s := range sysctls(im) {
		if n, ok := number(s); ok {
			m.add(mSysctl, labels+","+label("name", s.Name), n)
		}
	}
	for _, c := range im.Containers() {
		if c.Value != nil {
			m.counters(labels, c)
		}
	}
}

// number returns the value of a sysctl that is one.
func number(s sysctl.Info) (float64, bool) {
	v := reflect.ValueOf(s.Value)
	switch {
	case s.Type == "duration":
		return time.Duration(v.Int()).Seconds(), true
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	case v.CanFloat():
		return v.Float(), true
	case v.Kind() == reflect.Bool && v.Bool():
		return 1, true
	}
	return 0, v.Kind() == reflect.Bool
}

// counters adds a container's variables that are counters by P. Only these are looked at: they can be read at any time.
func (m *metrics) counters(labels string, c vimage.Container) {
	v := reflect.ValueOf(c.Value).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, ok := strings.CutPrefix(f.Name, "V_")
		if !ok || !strings.HasPrefix(f.Type.String(), "pcpu.") {
			continue
		}
		if s, ok := v.Field(i).Addr().Interface().(interface{ SumAny() any }); ok {
			m.sum(labels, c.Path+"."+name, reflect.ValueOf(s.SumAny()))
		}
	}
}

func (m *metrics) sum(labels, name string, v reflect.Value) {
	switch {
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			m.sum(labels, name+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			m.sum(labels, fmt.Sprintf("%s[%d]", name, i), v.Index(i))
		}
	case v.CanInt():
		m.add(mCounter, labels+","+label("variable", name), float64(v.Int()))
	default:
		m.add(mCounter, labels+","+label("variable", name), float64(v.Uint()))
	}
}
