package main

import (
	"strings"
	"testing"
)

// TestTally feeds what go test -json prints of a passing, a skipping, a
// failing and a broken package.
func TestTally(t *testing.T) {
	const events = `{"Action":"start","Package":"m/a"}
{"Action":"output","Package":"m/a","Test":"TestOK","Output":"=== RUN   TestOK\n"}
{"Action":"pass","Package":"m/a","Test":"TestOK","Elapsed":0.1}
{"Action":"output","Package":"m/a","Test":"TestC","Output":"    a_test.go:7: needs cgo: no compiler\n"}
{"Action":"output","Package":"m/a","Test":"TestC","Output":"--- SKIP: TestC (0.00s)\n"}
{"Action":"skip","Package":"m/a","Test":"TestC","Elapsed":0}
{"Action":"pass","Package":"m/a","Elapsed":0.25}
{"Action":"start","Package":"m/b"}
{"Action":"output","Package":"m/b","Test":"TestBad","Output":"    b_test.go:9: got 1\n"}
{"Action":"fail","Package":"m/b","Test":"TestBad","Elapsed":0}
{"Action":"fail","Package":"m/b","Elapsed":0.5}
{"Action":"skip","Package":"m/none","Elapsed":0}
{"ImportPath":"m/c","Action":"build-output","Output":"c.go:1:1: expected 'package'\n"}
{"Action":"start","Package":"m/c"}
{"Action":"output","Package":"m/c","Output":"FAIL\tm/c [build failed]\n"}
{"Action":"fail","Package":"m/c","Elapsed":0,"FailedBuild":"m/c"}
`
	var out strings.Builder
	tally := &tally{out: &out, total: 4, running: map[string]bool{}}
	if err := tally.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	tally.summary()
	const want = `ok    m/a	0.2s	(1 of 4)
    b_test.go:9: got 1
FAIL  m/b	0.5s	(2 of 4)
c.go:1:1: expected 'package'
FAIL	m/c [build failed]
FAIL  m/c	0.0s	(4 of 4)
skipped: m/a.TestC: needs cgo: no compiler
1 passed, 2 failed, 1 skipped
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
	if err := tally.read(strings.NewReader("{")); err == nil {
		t.Error("half an event is taken for the end")
	}
}
