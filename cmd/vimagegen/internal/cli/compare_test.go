package cli

import "testing"

func TestCompared(t *testing.T) {
	plain := readTestRun([]byte(`{"Action":"run","Package":"m/a","Test":"TestOne"}
not an event
{"Action":"pass","Package":"m/a","Test":"TestOne","Elapsed":0.5}
{"Action":"pass","Package":"m/a","Test":"TestTwo","Elapsed":0}
{"Action":"pass","Package":"m/a","Elapsed":2}
{"Action":"skip","Package":"m/none","Elapsed":0}
`))
	images := readTestRun([]byte(`{"Action":"pass","Package":"m/a","Test":"TestOne","Elapsed":0.5}
{"Action":"fail","Package":"m/a","Test":"TestTwo","Elapsed":0}
{"Action":"fail","Package":"m/a","Elapsed":0.5}
{"Action":"skip","Package":"m/none","Elapsed":0}
`))
	const want = `| package | tests | go test | an image for each test | speed |
|---|---:|---:|---:|---:|
| m/a | 2 | pass 2.00 s | fail 0.50 s | 4.00 |

m/a.TestTwo: pass under go test, fail in an image of its own
`
	if table, differ := compared(plain, images); table != want || !differ {
		t.Errorf("%v:\n%swant:\n%s", differ, table, want)
	}
	if table, differ := compared(plain, plain); differ {
		t.Errorf("a run differs from itself:\n%s", table)
	}
	if _, differ := compared(plain, testRun{}); !differ {
		t.Error("no run does not differ")
	}
}
