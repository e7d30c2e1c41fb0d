package sysctlhttp_test

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl/sysctlhttp"
)

// What is asked, and what is answered, in this order.
func TestHandler(t *testing.T) {
	var (
		on      bool
		ttl            = uint8(64)
		timeout        = time.Second
		policy         = "drop"
		ratio          = math.Inf(1)
		big     uint64 = math.MaxUint64
		level   int
	)
	sysctl.Var("h.on", &on, sysctl.RW, "On")
	sysctl.Var("h.ttl", &ttl, sysctl.RW, "TTL", sysctl.Min(1))
	sysctl.Var("h.timeout", &timeout, sysctl.RW, "Timeout")
	sysctl.Var("h.policy", &policy, sysctl.RW, "Policy", sysctl.OneOf("drop", "reject"))
	sysctl.Var("h.ratio", &ratio, sysctl.RO, "Ratio")
	sysctl.Var("h.big", &big, sysctl.RW, "Big")
	sysctl.Var("h.level", &level, sysctl.RW, "Level", sysctl.Enum("quiet", "loud"))
	sysctl.Func("h.stubborn", func() int { return 1 }, func(int) error { return errors.New("never") }, "Stubborn")
	read, write := sysctlhttp.Handler(), sysctlhttp.Handler(sysctlhttp.Writable)
	for _, c := range []struct {
		h            http.Handler
		method, path string
		body         string
		status       int
		want         string
		crossOrigin  bool
	}{
		{read, "GET", "/sysctl/h.big", "", 200, `[{"name":"h.big","description":"Big","type":"uint64","writable":true,"value":18446744073709551615}]`, false},
		{read, "GET", "/sysctl/h.ratio", "", 200, `[{"name":"h.ratio","description":"Ratio","type":"float64","writable":false,"value":"+Inf"}]`, false},
		{read, "GET", "/sysctl/none", "", 404, `{"error":"sysctl none: no such sysctl","kind":"unknown"}`, false},
		{read, "PUT", "/sysctl/h.on", `{"value":true}`, 403, `{"error":"sysctl h.on: read-only: by this handler","kind":"readonly"}`, false},
		{read, "DELETE", "/sysctl/h.on", "", 405, `methodnotallowed`, false},
		{write, "PUT", "/sysctl/h.on", `{"value":true}`, 200, `{"name":"h.on","description":"On","type":"bool","writable":true,"value":true}`, false},
		{write, "PUT", "/sysctl/h.on", `{"value":false}`, 403, ``, true},
		{write, "PUT", "/sysctl/h.on", `{"value":1}`, 400, `{"error":"sysctl h.on: wrong type: want bool, not a number","kind":"type"}`, false},
		{write, "PUT", "/sysctl/h.ttl", `{"value":3}`, 200, `{"name":"h.ttl","description":"TTL","type":"uint8","writable":true,"value":3,"min":"1"}`, false},
		{write, "PUT", "/sysctl/h.ttl", `{"value":0}`, 422, `{"error":"sysctl h.ttl: out of range: 0 is less than 1","kind":"range"}`, false},
		{write, "PUT", "/sysctl/h.ttl", `{"value":3.5}`, 400, `{"error":"sysctl h.ttl: wrong type: want uint8, not \"3.5\"","kind":"type"}`, false},
		{write, "PUT", "/sysctl/h.ttl", `{"value":[3]}`, 400, `{"error":"sysctl h.ttl: wrong type: want uint8, not []interface {}","kind":"type"}`, false},
		{write, "PUT", "/sysctl/h.ttl", `{"valeu":3}`, 400, `{"error":"sysctl h.ttl: wrong type: want {\"value\": V}","kind":"type"}`, false},
		{write, "PUT", "/sysctl/h.ttl", `{`, 400, `{"error":"sysctl h.ttl: wrong type: want {\"value\": V}","kind":"type"}`, false},
		{write, "PUT", "/sysctl/h.timeout", `{"value":"1m"}`, 200, `{"name":"h.timeout","description":"Timeout","type":"duration","writable":true,"value":"1m0s"}`, false},
		{write, "PUT", "/sysctl/h.policy", `{"value":"accept"}`, 422, `{"error":"sysctl h.policy: out of range: want one of drop, reject, not accept","kind":"range"}`, false},
		{write, "PUT", "/sysctl/h.level", `{"value":"loud"}`, 200, `{"name":"h.level","description":"Level","type":"int","writable":true,"value":"loud","oneof":["quiet","loud"]}`, false},
		{write, "PUT", "/sysctl/h.ratio", `{"value":1}`, 403, `{"error":"sysctl h.ratio: read-only","kind":"readonly"}`, false},
		{write, "PUT", "/sysctl/h.stubborn", `{"value":1}`, 409, `{"error":"sysctl h.stubborn: never","kind":"refused"}`, false},
		{write, "PUT", "/sysctl", `{"value":1}`, 404, `{"error":"sysctl : no such sysctl","kind":"unknown"}`, false},
	} {
		t.Run(fmt.Sprint(c.method, c.path, c.body), func(t *testing.T) {
			r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
			if c.crossOrigin {
				r.Header.Set("Sec-Fetch-Site", "cross-site")
			}
			w := httptest.NewRecorder()
			c.h.ServeHTTP(w, r)
			got := w.Body.String()
			if strings.HasPrefix(got, "{") || strings.HasPrefix(got, "[") {
				for _, line := range strings.Split(got, "\n") {
					got = strings.Replace(got, line, strings.Replace(strings.TrimSpace(line), `": `, `":`, 1), 1)
				}
				got = strings.ReplaceAll(got, "\n", "")
			} else {
				got = strings.ReplaceAll(strings.TrimSpace(got), " ", "")
			}
			if w.Code != c.status || c.want != "" && got != c.want {
				t.Errorf("%d %s\nwant %d %s", w.Code, got, c.status, c.want)
			}
		})
	}
	if !on {
		t.Error("another origin has set h.on")
	}
}
