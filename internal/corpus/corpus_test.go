package corpus

import (
	"strings"
	"testing"
	"time"
)

const events = `{"Action":"start","Package":"p"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p","Test":"TestB/0xc000123456"}
{"Action":"output","Package":"p","Test":"TestB","Output":"x"}
{"Action":"fail","Package":"p"}
`

func parse(t *testing.T, s string) Verdicts {
	t.Helper()
	vs, err := parseVerdicts([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return vs
}

func TestCompare(t *testing.T) {
	plain := parse(t, events)
	if got := plain.String(); got != "1 pass, 1 fail" {
		t.Errorf("count: %s", got)
	}
	if ds := compare(plain, parse(t, strings.ReplaceAll(events, "0xc000123456", "0xc000fedcba"))); len(ds) != 0 {
		t.Errorf("addresses differ: %v", ds)
	}
	for name, other := range map[string]string{
		"p TestA: plain pass, virtualised fail":      strings.Replace(events, `"pass"`, `"fail"`, 1),
		"p TestA: plain pass, virtualised none":      strings.Replace(events, `"pass"`, `"run"`, 1),
		"p TestA: plain pass, virtualised pass+pass": events + strings.Split(events, "\n")[1],
		"p TestC: plain none, virtualised skip":      events + `{"Action":"skip","Package":"p","Test":"TestC"}`,
	} {
		if ds := compare(plain, parse(t, other)); len(ds) != 1 || ds[0].String() != name {
			t.Errorf("want %s, got %v", name, ds)
		}
	}
	if _, err := parseVerdicts([]byte("no JSON")); err == nil {
		t.Error("no error for what is not JSON")
	}
}

func TestExplain(t *testing.T) {
	text := "# comment\n\nm TestA Because it must.\nother TestB Elsewhere.\n"
	ds := []Difference{{Package: "p", Test: "TestA"}, {Package: "p", Test: "TestB"}}
	if err := explain(text, "m", ds); err != nil || ds[0].Why != "Because it must." || ds[1].Why != "" {
		t.Error(err, ds)
	}
	if (Result{Differences: ds}).OK() || !(Result{Differences: ds[:1]}).OK() {
		t.Error("only explained differences are good")
	}
	if err := explain(text, "m", nil); err == nil || err.Error() != "explanations.txt:3: TestA of m does not differ" {
		t.Error(err)
	}
	if err := explain("m TestA\n", "m", nil); err == nil {
		t.Error("an explanation without a sentence")
	}
}

func TestSaw(t *testing.T) {
	good := "first: a\nchanged: b\nother: a\nstill: b\ncreate: 3µs\ncommon: 0 []\n"
	if i, err := saw(good); err != nil || i.First != "a" || i.Changed != "b" || i.Create != 3*time.Microsecond {
		t.Error(i, err)
	}
	for _, bad := range []string{
		"first: a\nchanged: b\nstill: b\ncreate: 3µs\ncommon: 0 []\n",
		"first: a\nchanged: a\nother: a\nstill: a\ncreate: 3µs\ncommon: 0 []\n",
		"first: a\nchanged: b\nother: b\nstill: b\ncreate: 3µs\ncommon: 0 []\n",
		"first: a\nchanged: b\nother: a\nstill: a\ncreate: 3µs\ncommon: 0 []\n",
		"first: a\nchanged: b\nother: a\nstill: b\ncreate: never\ncommon: 0 []\n",
		"first: a\nchanged: b\nother: a\nstill: b\ncreate: 3µs\ncommon: 1 [a T is reached by x and by y]\n",
	} {
		if _, err := saw(bad); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}
