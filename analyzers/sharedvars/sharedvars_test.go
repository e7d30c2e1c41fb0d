package sharedvars_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/go-vimage/vimage/analyzers/sharedvars"
)

func TestAnalyzer(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), sharedvars.Analyzer, "good", "types", "changed", "functions")
}
