package debug_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/pcpu"
	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/debug"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

// vnet_shop is as generated code has it.
type vnet_shop struct {
	V_open  bool
	_       [0]int64
	V_stock map[string]int
	V_sales pcpu.Stats[struct{ In, Out uint32 }]
}

var module = vimage.VnetModule{
	Path: "example.com/shop",
	New:  func() unsafe.Pointer { return unsafe.Pointer(&vnet_shop{}) },
	Look: func(at unsafe.Pointer) any { return (*vnet_shop)(at) },
}

func start() {
	shop := (*vnet_shop)(vimage.Vnet(module.Off))
	shop.V_stock = map[string]int{"apple": 3}
	pcpu.Add(&shop.V_sales.Here().Out, 2)
}

func init() {
	module.Init = start
	vimage.VnetRegister(&module)
}

// shops returns a handler, and an image named two beside image 0 with which it differs.
func shops(t *testing.T, opts ...debug.Option) (http.Handler, *vimage.Image) {
	t.Helper()
	im, err := vimage.New(vimage.WithName(`t"wo`))
	if err != nil {
		t.Fatal(err)
	}
	im.Do(func() {
		shop := (*vnet_shop)(vimage.Vnet(module.Off))
		shop.V_open = true
		shop.V_stock["pear"] = 1
	})
	var ttl int = 64
	sysctl.Var("shop.ttl", &ttl, sysctl.RW, "TTL", sysctl.Max(99))
	t.Cleanup(func() {
		sysctl.Remove("shop.ttl")
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := im.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	mux := http.NewServeMux()
	debug.Register(mux, opts...)
	return mux, im
}

func ask(t *testing.T, h http.Handler, method, path, body string, status int) string {
	t.Helper()
	r := httptest.NewRequest(method, strings.TrimSuffix(debug.Root, "/")+path, strings.NewReader(body))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != status {
		t.Errorf("%s %s: %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	return strings.TrimSpace(w.Body.String())
}

func TestImages(t *testing.T) {
	h, im := shops(t)
	var list []debug.Image
	if err := json.Unmarshal([]byte(ask(t, h, "GET", "/images", "", 200)), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Name != "vnet0" || list[1].Name != `t"wo` || list[1].ID != im.ID() || list[1].State != "live" ||
		list[1].Bytes < unsafe.Sizeof(vnet_shop{}) || list[1].Packages < 1 || list[1].Age < 0 {
		t.Errorf("got %+v", list)
	}
}

func TestImage(t *testing.T) {
	h, im := shops(t)
	path := "/image/" + number(im)
	got := ask(t, h, "GET", path+"?package=example.com/shop", "", 200)
	for _, want := range []string{
		`{"name":"open","value":{"type":"bool","text":"true"}}`,
		`{"name":"stock","value":{"type":"map[string]int","text":"2 entries","more":2}}`,
		`[{"name":".In","type":"uint32","text":"0"},{"name":".Out","type":"uint32","text":"2"}]`,
		`"maps":false`, `"writable":false`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s:\n%s", want, got)
		}
	}
	h = debug.Handler(debug.Maps)
	got = ask(t, h, "GET", path+"?package=example.com/shop", "", 200)
	if want := `{"name":"[\"pear\"]","type":"int","text":"1"}`; !strings.Contains(got, want) {
		t.Errorf("lacks %s:\n%s", want, got)
	}
	got = ask(t, h, "GET", "/diff?a=0&b="+number(im), "", 200)
	const want = `{"package":"example.com/shop","variable":"open","path":"","a":"false","b":"true"},` +
		`{"package":"example.com/shop","variable":"stock","path":"","a":"1 entry","b":"2 entries"},` +
		`{"package":"example.com/shop","variable":"stock","path":"[\"pear\"]","a":"","b":"1"}`
	if !strings.Contains(got, want) {
		t.Errorf("lacks %s:\n%s", want, got)
	}
}

func number(im *vimage.Image) string {
	b, _ := json.Marshal(im.ID())
	return string(b)
}

func TestWrong(t *testing.T) {
	h, im := shops(t)
	for path, want := range map[string]string{
		"/image/7777":              "there is no live image 7777",
		"/image/x":                 `want the number of an image, not "x"`,
		"/image/0?depth=x":         `depth: want 0 to 20, not "x"`,
		"/diff?a=0":                `want the number of an image, not ""`,
		"/diff?a=0&b=0&depth=21":   `depth: want 0 to 20, not "21"`,
		"/profile?seconds=0":       `seconds: want 1 to 3600, not "0"`,
		"/image/7777/goroutines":   "there is no live image 7777",
		"/image/7777/sysctl/x":     "there is no live image 7777",
		"/image/-1/sysctl/net.ttl": `want the number of an image, not "-1"`,
	} {
		status := 400
		if strings.Contains(want, "no live") {
			status = 404
		}
		if got := ask(t, h, "GET", path, "", status); got != want {
			t.Errorf("%s: got %s", path, got)
		}
	}
	ask(t, h, "PUT", "/image/"+number(im)+"/sysctl/shop.ttl", `{"value":5}`, 403)
}

func TestSetting(t *testing.T) {
	h, _ := shops(t, debug.Writable)
	if got := ask(t, h, "PUT", "/image/0/sysctl/shop.ttl", `{"value":5}`, 200); !strings.Contains(got, `"value": 5`) {
		t.Errorf("got %s", got)
	}
	ask(t, h, "PUT", "/image/0/sysctl/shop.ttl", `{"value":500}`, 422)
	if v, err := sysctl.Get("shop.ttl"); v != 5 || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
}

// Every line of the metrics is one of the format's, each family in one piece with its type before it.
func TestMetrics(t *testing.T) {
	h, _ := shops(t)
	got := ask(t, h, "GET", "/metrics", "", 200)
	line := regexp.MustCompile(`^(\w+)\{image="((?:[^"\\]|\\.)*)"(,(name|variable)="[^"]*")?\} (-?[0-9.e+-]+|NaN|[+-]Inf)$`)
	family := ""
	for _, l := range strings.Split(got, "\n") {
		if name, ok := strings.CutPrefix(l, "# TYPE "); ok {
			family, _, _ = strings.Cut(name, " ")
			continue
		}
		if strings.HasPrefix(l, "# HELP ") {
			continue
		}
		if m := line.FindStringSubmatch(l); m == nil || m[1] != family {
			t.Errorf("%s: in family %s", l, family)
		}
	}
	for _, want := range []string{
		`vimage_pcpustat{image="t\"wo",variable="example.com/shop.sales.Out"} 2`,
		`vimage_sysctl{image="vnet0",name="shop.ttl"} 64`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s:\n%s", want, got)
		}
	}
	same, err := vimage.New(vimage.WithName(`vnet0`))
	if err != nil {
		t.Fatal(err)
	}
	defer same.Close(context.Background())
	if got, want := ask(t, h, "GET", "/metrics", "", 200), `vimage_packages{image="vnet0#`+number(same)+`"}`; !strings.Contains(got, want) {
		t.Errorf("lacks %s:\n%s", want, got)
	}
}

func TestPage(t *testing.T) {
	h, _ := shops(t)
	for path, want := range map[string]string{"/": "<title>Images</title>", "/page.js": "'use strict';", "/page.css": ":root {"} {
		got := ask(t, h, "GET", path, "", 200)
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %.80s", path, got)
		}
		if m := regexp.MustCompile(`(?i)https?://|//[a-z]+\.[a-z]`).FindString(got); m != "" {
			t.Errorf("%s asks for something from elsewhere: %s", path, m)
		}
	}
}
