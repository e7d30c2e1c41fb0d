package globals_test

import (
	"testing"

	"github.com/go-vimage/vimage/analyzers/globals"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses the standard library")
	}
	analysistest.Run(t, analysistest.TestData(), globals.Analyzer, "a", "config", "iface")
}
