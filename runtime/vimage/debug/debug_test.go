package debug_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
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

// shops returns a handler, and an image named two beside image 0 with which it
// differs.
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
	if len(list) != 2 || list[0].Name != "vnet0" || list[1].Name != `t"wo` ||
		list[1].ID != im.ID() || list[1].State != "live" ||
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
		`{"name":"stock","value":{"type":"map[string]int","text":"2 entries","children":[` +
			`{"name":"[\"apple\"]","type":"int","text":"3"},{"name":"[\"pear\"]","type":"int","text":"1"}]}}`,
		`[{"name":".In","type":"uint32","text":"0"},{"name":".Out","type":"uint32","text":"2"}]`,
		`"maps":true`, `"writable":false`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s:\n%s", want, got)
		}
	}
	got = ask(t, h, "GET", "/diff?a=0&b="+number(im), "", 200)
	const want = `{"package":"example.com/shop","variable":"open","path":"","a":"false","b":"true"},` +
		`{"package":"example.com/shop","variable":"stock","path":"","a":"1 entry","b":"2 entries"},` +
		`{"package":"example.com/shop","variable":"stock","path":"[\"pear\"]","a":"","b":"1"}`
	if !strings.Contains(got, want) {
		t.Errorf("lacks %s:\n%s", want, got)
	}
}

// A request says of which packages and variables what is read.
func TestSelection(t *testing.T) {
	h, im := shops(t)
	for query, want := range map[string]string{
		"package=example.com/shop&read=none":              `"names":["open","sales","stock"],"variables":null}`,
		"package=example.com/shop&read=own":               `"variables":null}`, // this binary's module is another
		"package=example.com/shop&variable=open":          `"variables":[{"name":"open","value":{"type":"bool","text":"true"}}]}]`,
		"package=example.com/shop&children=1":             `"children":[{"name":"[\"apple\"]","type":"int","text":"3"}],"more":1}`,
		"package=example.com/x&package=example.com/shop":  `"list":[{"path":"example.com/shop"`,
		"package=example.com/shop&variable=sales&depth=0": `"text":"","more":1}`,
		"package=example.com/none":                        `"list":[]`,
	} {
		if got := ask(t, h, "GET", "/image/"+number(im)+"?"+query, "", 200); !strings.Contains(got, want) {
			t.Errorf("%s: lacks %s:\n%s", query, want, got)
		}
	}
	ask(t, h, "POST", "/image/"+number(im)+"?maps=iterate", "", 200)
}

func TestSearch(t *testing.T) {
	h, two := shops(t)
	three, err := vimage.New()
	if err != nil {
		t.Fatal(err)
	}
	defer three.Close(context.Background())
	three.Do(start)
	got := ask(t, h, "GET", "/search?q=SALES", "", 200)
	want := `{"matches":[{"package":"example.com/shop","variable":"sales","values":[` +
		`{"images":[0,` + number(two) + `],"line":"{In:0 Out:2}","tree":`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if want := `"totals":[{"path":".In","sum":"0"},{"path":".Out","sum":"8"}]}`; !strings.Contains(got, want) {
		t.Errorf("lacks %s:\n%s", want, got)
	}
	for query, want := range map[string]string{
		"q=pear":          `{"matches":[]}`,
		"q=pear&values=1": `"variable":"stock"`,
		"q=shop.o":        `"variable":"open","values":[{"images":[0,` + number(three) + `],"line":"false"`,
	} {
		if got := ask(t, h, "GET", "/search?"+query, "", 200); !strings.Contains(got, want) {
			t.Errorf("%s: lacks %s:\n%s", query, want, got)
		}
	}
}

func waitHere(entered, release chan bool) {
	entered <- true
	<-release
}

func TestStacks(t *testing.T) {
	h, im := shops(t)
	entered, release := make(chan bool), make(chan bool)
	for range 3 {
		im.Go(func() { waitHere(entered, release) })
		<-entered
	}
	defer close(release)
	want := regexp.MustCompile(`^\[\{"count":3,.*"func":"[^"]*debug_test\.waitHere"`)
	got := ""
	for range 1000 { // some may be on their way to the receive
		if got = ask(t, h, "GET", "/image/"+number(im)+"/stacks", "", 200); want.MatchString(got) {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("got %s", got)
}

// An image that Close could not end stays listed until its goroutines have
// ended.
func TestCloseFailed(t *testing.T) {
	h, _ := shops(t)
	im, err := vimage.New(vimage.WithName("stuck"))
	if err != nil {
		t.Fatal(err)
	}
	entered, release := make(chan bool), make(chan bool)
	im.Go(func() { waitHere(entered, release) })
	<-entered
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if im.Close(ctx) == nil {
		t.Fatal("closed")
	}
	want := `"name":"stuck","state":"closed"`
	if got := ask(t, h, "GET", "/images", "", 200); !strings.Contains(got, want) ||
		!strings.Contains(got, `"error":"vimage: image stuck closed with 1 running: context deadline exceeded"`) {
		t.Errorf("lacks %s or its error: %s", want, got)
	}
	if got := ask(t, h, "GET", "/image/"+number(im)+"/stacks", "", 200); !strings.Contains(got, "debug_test.waitHere") {
		t.Errorf("got %s", got)
	}
	if got := ask(t, h, "GET", "/image/"+number(im), "", 200); !strings.Contains(got, `"list":[]`) {
		t.Errorf("got %s", got)
	}
	got := ask(t, h, "GET", "/metrics", "", 200)
	if strings.Contains(got, "stuck") || !strings.Contains(got, "\nvimage_over_images 1\n") ||
		!strings.Contains(got, "\nvimage_over_goroutines 1\n") {
		t.Errorf("got %s", got)
	}
	close(release)
	for range 500 {
		if !strings.Contains(ask(t, h, "GET", "/images", "", 200), want) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("it stays listed when its goroutines have ended")
}

func spin(until time.Time) {
	for time.Now().Before(until) {
	}
}

func TestCPU(t *testing.T) {
	h, im := shops(t)
	done := make(chan bool)
	im.Go(func() {
		spin(time.Now().Add(1500 * time.Millisecond))
		close(done)
	})
	got := ask(t, h, "GET", "/cpu?seconds=1", "", 200)
	<-done
	var c debug.CPU
	if err := json.Unmarshal([]byte(got), &c); err != nil {
		t.Fatal(err)
	}
	for _, d := range c.Images {
		if len(d.IDs) == 1 && d.IDs[0] == im.ID() && d.Name == im.Name() && d.Seconds > 0 && len(d.Top) > 0 {
			if top := d.Top[0]; !strings.HasSuffix(top.Func, "debug_test.spin") || top.Near == 0 || top.All < top.Near {
				t.Errorf("top function %+v", top)
			}
			return
		}
	}
	t.Errorf("the image that was busy is missing: %s", got)
}

func number(im *vimage.Image) string {
	b, _ := json.Marshal(im.ID())
	return string(b)
}

func TestWrong(t *testing.T) {
	h, im := shops(t)
	for path, want := range map[string]string{
		"/image/7777":              "there is no image 7777, or it is over",
		"/image/x":                 `want the number of an image, not "x"`,
		"/image/0?depth=x":         `depth: want 0 to 20, not "x"`,
		"/diff?a=0":                `want the number of an image, not ""`,
		"/diff?a=0&b=0&depth=21":   `depth: want 0 to 20, not "21"`,
		"/profile?seconds=0":       `seconds: want 1 to 3600, not "0"`,
		"/cpu?seconds=x":           `seconds: want 1 to 600, not "x"`,
		"/image/0?children=-1":     `children: want 0 to 10000, not "-1"`,
		"/image/0?read=some":       `read: want all, own or none, not "some"`,
		"/image/0?maps=iterate":    `maps: want iterate, in a POST`,
		"/search":                  `q: want a part of a variable's name`,
		"/image/7777/stacks":       "there is no image 7777, or it is over",
		"/image/7777/goroutines":   "there is no image 7777, or it is over",
		"/image/7777/sysctl/x":     "there is no image 7777, or it is over",
		"/image/-1/sysctl/net.ttl": `want the number of an image, not "-1"`,
	} {
		status := 400
		if strings.Contains(want, "no image") {
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

// Every line of the metrics is one of the format's, each family in one piece
// with its type before it.
func TestMetrics(t *testing.T) {
	h, _ := shops(t)
	got := ask(t, h, "GET", "/metrics", "", 200)
	line := regexp.MustCompile(
		`^(\w+)\{image="((?:[^"\\]|\\.)*)"(,(name|variable)="[^"]*")?\} (-?[0-9.e+-]+|NaN|[+-]Inf)$`,
	)
	family := ""
	for _, l := range strings.Split(got, "\n") {
		if name, ok := strings.CutPrefix(l, "# TYPE "); ok {
			family, _, _ = strings.Cut(name, " ")
			continue
		}
		if strings.HasPrefix(l, "# HELP ") {
			continue
		}
		if name, _, _ := strings.Cut(l, " "); strings.HasPrefix(name, "vimage_over_") && name == family {
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
	want := `vimage_packages{image="vnet0#` + number(same) + `"}`
	if got := ask(t, h, "GET", "/metrics", "", 200); !strings.Contains(got, want) {
		t.Errorf("lacks %s:\n%s", want, got)
	}
}

func TestPage(t *testing.T) {
	h, _ := shops(t)
	for path, want := range map[string]string{
		"/": "<title>Images</title>", "/page.js": "'use strict';", "/view.js": "'use strict';", "/page.css": ":root {",
	} {
		got := ask(t, h, "GET", path, "", 200)
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %.80s", path, got)
		}
		if m := regexp.MustCompile(`(?i)https?://|//[a-z]+\.[a-z]`).FindString(got); m != "" {
			t.Errorf("%s asks for something from elsewhere: %s", path, m)
		}
	}
}
