package golangci

import (
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"

	"github.com/go-vimage/vimage/analyzers"
)

func TestPlugin(t *testing.T) {
	construct, err := register.GetPlugin("vimage")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		settings any
		want     int
		err      string
	}{
		{nil, len(analyzers.All()), ""},
		{map[string]any{"analyzers": []any{"globals", "crossing"}}, 2, ""},
		{map[string]any{"analyzers": []any{"frob"}}, 0, "vimage: no analyzer frob; there are aliases"},
		{map[string]any{"frob": true}, 0, "vimage: decoding settings"},
	} {
		p, err := construct(test.settings)
		if err != nil {
			if test.err == "" || !strings.HasPrefix(err.Error(), test.err) {
				t.Errorf("%v: got %v, want %q", test.settings, err, test.err)
			}
			continue
		}
		built, err := p.BuildAnalyzers()
		if err != nil || len(built) != test.want || test.err != "" || p.GetLoadMode() != register.LoadModeTypesInfo {
			t.Errorf("%v: %d analyzers, %v, mode %s", test.settings, len(built), err, p.GetLoadMode())
		}
	}
}
