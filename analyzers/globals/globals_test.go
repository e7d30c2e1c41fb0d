package globals_test

import (
	"testing"

	"github.com/go-vimage/vimage/analyzers/globals"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), globals.Analyzer, "a", "config", "iface")
}
