package aliashttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/alias"
	"github.com/go-vimage/vimage/runtime/alias/aliashttp"
)

const here = "github.com/go-vimage/vimage/runtime/alias/aliashttp_test."

// wait is a slot as it is generated.
var group = alias.Group{Name: "test.Wait", Slots: []alias.Slot{{
	Name: "test.Wait", ABI: "func(<-chan int)",
	Dispatch: here + "call",
}}}

func Wait(c <-chan int) {
	if !group.Top.Stub() {
		call(&group.Top, c)
	}
}

func call(k *alias.Link, c <-chan int) {
	in := k.Enter()
	if in.Layer == nil {
		return
	}
	defer in.Leave()
	in.Funcs[0].(func(<-chan int))(c)
}

//go:noinline
func waits(c <-chan int) { <-c }

var (
	layer  = alias.Layer{Group: &group, ABI: []string{"func(<-chan int)"}, Symbol: []string{here + "waits"}}
	module = alias.Module{Name: "test/waits", Layers: []*alias.Layer{&layer}}
	needy  = alias.Module{
		Name: "test/<needy>", Needs: []*alias.Module{&module},
		Init: func(context.Context) error { return errors.New("not now") },
	}
)

// server starts one, with the modules registered.
func server(t *testing.T, opts ...aliashttp.Option) string {
	alias.RegisterGroup(&group, Wait)
	alias.Register(&module, []any{waits})
	alias.Register(&needy)
	mux := http.NewServeMux()
	aliashttp.Register(mux, opts...)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL + aliashttp.Path
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	return answer(t, r)
}

func answer(t *testing.T, r *http.Response) (int, string) {
	t.Helper()
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

func post(t *testing.T, at, form string) (int, string) {
	t.Helper()
	v, err := url.ParseQuery(form)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.PostForm(at, v)
	if err != nil {
		t.Fatal(err)
	}
	return answer(t, r)
}

func state(t *testing.T, at string) (s aliashttp.State) {
	t.Helper()
	if _, text := get(t, at+"?format=json"); json.Unmarshal([]byte(text), &s) != nil {
		t.Fatalf("no JSON: %s", text)
	}
	return s
}

func TestPage(t *testing.T) {
	at := server(t, aliashttp.Writable)
	if _, page := get(t, at); !strings.Contains(page,
		"<td>test.Wait</td><td><code>func(&lt;-chan int)</code></td><td>stub</td>") ||
		!strings.Contains(page, "test/&lt;needy&gt;") || !strings.Contains(page, `value="load"`) {
		t.Errorf("page:\n%s", page)
	}
	if status, page := post(t, at, "do=load&module=test/waits"); status != 200 || !strings.Contains(page,
		"<td>test/waits, stub</td>") {
		t.Errorf("after load: %d\n%s", status, page)
	}
	c := make(chan int)
	done := make(chan bool)
	go func() { Wait(c); close(done) }()
	for len(state(t, at).Modules[0].Inside) == 0 {
		time.Sleep(time.Millisecond)
	}
	status, text := post(t, at, "do=unload&module=test/waits&timeout=20ms")
	if status != http.StatusConflict || !strings.Contains(text, "1 inside") || !strings.Contains(text, here+"waits") {
		t.Errorf("with a caller inside: %d\n%s", status, text)
	}
	if s := state(t, at); s.Modules[0].State != "loaded" || len(s.Groups[0].Stack) != 1 {
		t.Errorf("after that: %+v", s)
	}
	close(c)
	<-done
	for _, x := range []struct {
		form   string
		status int
		text   string
	}{
		{"do=load&module=test/waits", 409, "alias: module test/waits: check: it is loaded"},
		{"do=load&module=test/<needy>", 409, "alias: module test/<needy>: init: not now"},
		{"do=replace&module=test/waits&by=gone", 404, `there is no module "gone"`},
		{"do=load&module=gone", 404, `there is no module "gone"`},
		{"do=frob&module=test/waits", 400, `do: want load, unload or replace, not "frob"`},
		{"do=load&module=test/waits&timeout=x", 400, "timeout: "},
		{"do=load&module=test/waits&image=9999", 404, "there is no image 9999"},
		{"do=load&module=test/waits&image=x", 400, `want the number of an image, not "x"`},
	} {
		if status, text := post(t, at, x.form); status != x.status || !strings.Contains(text, x.text) {
			t.Errorf("%s: %d %s", x.form, status, text)
		}
	}
	if status, page := post(t, at, "do=unload&module=test/waits"); status != 200 || !strings.Contains(page,
		"<td>stub</td>") {
		t.Errorf("after unload: %d\n%s", status, page)
	}
	if s := state(t, at); s.Trace[len(s.Trace)-1] != "test/waits: done" {
		t.Errorf("trace: %q", s.Trace)
	}
}

func TestRefused(t *testing.T) {
	at := server(t)
	if status, _ := post(t, at, "do=load&module=test/waits"); status != http.StatusForbidden {
		t.Errorf("without Writable: %d", status)
	}
	if _, page := get(t, at); strings.Contains(page, "<form") {
		t.Errorf("a form without Writable:\n%s", page)
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", server(t, aliashttp.Writable),
		strings.NewReader("do=load&module=test/waits"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := answer(t, res); status != http.StatusForbidden || alias.State(&module) != "not loaded" {
		t.Errorf("from another origin: %d, %s", status, alias.State(&module))
	}
}
